// The chart as a picture: PNG from a second, larger vis-network that nobody sees, SVG drawn from the scene itself.
"use strict";

(() => {
  const MARGIN = 40;
  const MOST = 6000;
  const NAMESPACE = "http://www.w3.org/2000/svg";

  /** Left, top, width and height of everything drawn, labels included. */
  const bounds = (scene, at) => {
    const reach = scene.nodes.map((node, place) => ({ x: at[place].x, y: at[place].y, across: Math.max(90, node.size), down: node.size + 76 }));
    const left = Math.min(...reach.map((r) => r.x - r.across));
    const top = Math.min(...reach.map((r) => r.y - r.down / 1.5));
    return {
      left, top,
      width: Math.max(...reach.map((r) => r.x + r.across)) - left,
      height: Math.max(...reach.map((r) => r.y + r.down)) - top,
    };
  };

  /** Texts of the head and the foot: the question and what must be known to read the picture. */
  const head = (scene) => [scene.title, ...scene.subtitle, ...scene.notes];
  const legend = (scene) => scene.legend.map((entry) => `${entry.label} (${entry.count})`);

  const broken = (pen, text, width) => {
    const lines = [""];
    for (const word of text.split(" ")) {
      const longer = lines.at(-1) ? `${lines.at(-1)} ${word}` : word;
      if (pen.measureText(longer).width <= width || !lines.at(-1)) lines[lines.length - 1] = longer;
      else lines.push(word);
    }
    return lines;
  };

  /** The whole chart with its head and legend on a canvas of its own. */
  graphPage.picture = async (chart) => {
    const { scene } = chart;
    const at = chart.positions();
    const size = scene.nodes.length ? bounds(scene, at) : { width: 600, height: 200 };
    const scale = Math.min(2, MOST / Math.max(size.width, size.height));
    const drawn = await hiddenCanvas(chart, Math.max(900, Math.ceil(size.width * scale)), Math.max(300, Math.ceil(size.height * scale)));
    const sheet = document.createElement("canvas");
    sheet.width = drawn.width + 2 * MARGIN;
    const pen = sheet.getContext("2d");
    const font = (at_, bold) => { pen.font = `${bold ? 700 : 400} ${at_}px ${graphPage.FACE}`; };
    font(20, false);
    const lines = head(scene).flatMap((text, number) => broken(pen, text, sheet.width - 2 * MARGIN - 80).map((line) => [line, number === 0]));
    const rows = legendRows(pen, scene, sheet.width - 2 * MARGIN);
    const top = MARGIN + lines.length * 30 + 20;
    sheet.height = top + drawn.height + rows.length * 36 + MARGIN;
    pen.fillStyle = "#ffffff";
    pen.fillRect(0, 0, sheet.width, sheet.height);
    pen.fillStyle = "#1a2233";
    lines.forEach(([line, bold], number) => {
      font(bold ? 24 : 20, bold);
      pen.fillText(line, MARGIN, MARGIN + 20 + number * 30);
    });
    pen.drawImage(drawn, MARGIN, top);
    paintLegend(pen, rows, top + drawn.height + 24, font);
    return sheet;
  };

  const legendRows = (pen, scene, width) => {
    const rows = [[]];
    let left = 0;
    legend(scene).forEach((text, number) => {
      const wide = pen.measureText(text).width + 60;
      if (left + wide > width && rows.at(-1).length) { rows.push([]); left = 0; }
      rows.at(-1).push({ entry: scene.legend[number], text, left });
      left += wide;
    });
    return rows;
  };

  const paintLegend = (pen, rows, top, font) => {
    rows.forEach((row, number) => row.forEach(({ entry, text, left }) => {
      const y = top + number * 36;
      pen.fillStyle = entry.colour;
      pen.fillRect(MARGIN + left, entry.of === "entity" ? y - 11 : y - 2, 22, entry.of === "entity" ? 22 : 4);
      if (entry.of === "entity") {
        pen.fillStyle = entry.ink;
        pen.textAlign = "center";
        font(13, true);
        pen.fillText(entry.icon, MARGIN + left + 11, y + 5);
        pen.textAlign = "left";
      }
      pen.fillStyle = "#1a2233";
      font(18, false);
      pen.fillText(text, MARGIN + left + 32, y + 6);
    }));
  };

  /** A canvas on which vis-network has drawn the same nodes and links at the wished size. */
  const hiddenCanvas = (chart, width, height) => new Promise((resolve) => {
    const holder = graphPage.element("div", { class: "offstage" });
    holder.style.width = `${width}px`;
    holder.style.height = `${height}px`;
    document.body.append(holder);
    const at = chart.positions();
    const nodes = chart.scene.nodes.map((node, place) => ({ ...chart.visNode(node, place), x: at[place].x, y: at[place].y }));
    const data = { nodes: new vis.DataSet(nodes), edges: new vis.DataSet(chart.scene.links.map((link, place) => chart.visEdge(link, place))) };
    const network = new vis.Network(holder, data, { ...graphPage.CHART_OPTIONS, autoResize: false, interaction: { dragView: false } });
    network.on("beforeDrawing", (pen) => chart.paintGroups(pen, network));
    network.on("afterDrawing", (pen) => chart.paintSigns(pen, network));
    network.fit({ animation: false, maxZoomLevel: 2 });
    network.redraw();
    const shown = holder.querySelector("canvas");
    const copy = document.createElement("canvas");
    copy.width = shown.width;
    copy.height = shown.height;
    copy.getContext("2d").drawImage(shown, 0, 0);
    network.destroy();
    holder.remove();
    resolve(copy);
  });

  graphPage.savePng = async (chart) => {
    const sheet = await graphPage.picture(chart);
    const blob = await new Promise((resolve) => { sheet.toBlob(resolve, "image/png"); });
    if (!blob) throw new Error("it is too large");
    graphPage.save(blob, graphPage.fileName(chart.scene.title, "png"));
  };

  const shape = (tag, attributes, text) => {
    const made = document.createElementNS(NAMESPACE, tag);
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, String(value));
    if (text !== undefined) made.textContent = text;
    return made;
  };

  const CORNERS = new Map([["diamond", [4, 0, 1]], ["square", [4, 45, 1.41]], ["hexagon", [6, 0, 1]], ["triangleDown", [3, 90, 1.15]]]);

  const outline = (node, x, y) => {
    const style = { fill: node.colour, stroke: "#1a2233", "stroke-width": node.emphasis ? 4 : 1.5 };
    const corners = CORNERS.get(node.shape);
    if (!corners && node.shape !== "star") return shape("circle", { cx: x, cy: y, r: node.size, ...style });
    const [count, turn, reach] = corners ?? [10, -90, 1.2];
    const points = Array.from({ length: count }, (_, number) => {
      const angle = (turn + (360 / count) * number) * Math.PI / 180;
      const radius = node.size * reach * (!corners && number % 2 ? 0.5 : 1);
      return `${(x + radius * Math.cos(angle)).toFixed(1)},${(y + radius * Math.sin(angle)).toFixed(1)}`;
    });
    return shape("polygon", { points: points.join(" "), ...style });
  };

  const textLines = (lines, x, y, size, attributes = {}) => {
    const made = shape("text", {
      x, y, "font-size": size, "text-anchor": "middle", fill: "#1a2233", stroke: "#ffffff", "stroke-width": 4,
      "paint-order": "stroke", "stroke-linejoin": "round", ...attributes,
    });
    lines.forEach((line, number) => made.append(shape("tspan", { x, dy: number ? size * 1.2 : 0 }, line)));
    return made;
  };

  /** Start, control point and end of a link, its end stopping at the border of the target. */
  const course = (link, from, to, gap) => {
    const angle = Math.atan2(to.y - from.y, to.x - from.x) - link.curve * Math.PI / 2;
    const reach = (0.5 * Math.abs(link.curve) + 0.5) * Math.hypot(to.x - from.x, to.y - from.y);
    const control = { x: from.x + reach * Math.cos(angle), y: from.y + reach * Math.sin(angle) };
    const last = Math.hypot(to.x - control.x, to.y - control.y) || 1;
    const towards = { x: (to.x - control.x) / last, y: (to.y - control.y) / last };
    return { control, towards, end: { x: to.x - towards.x * gap, y: to.y - towards.y * gap } };
  };

  const svgLink = (link, scene, chart, at, group) => {
    const [source, target] = [chart.place.get(link.source), chart.place.get(link.target)];
    const [from, to] = [at[source], at[target]];
    const style = { fill: "none", stroke: link.colour, "stroke-width": link.width };
    if (source === target) {
      const size = scene.nodes[source].size;
      group.append(shape("circle", { cx: from.x + size, cy: from.y - size - 8 * link.curve, r: size * 0.9 + 8 * link.curve, ...style }));
      return;
    }
    const { control, towards, end } = course(link, from, to, scene.nodes[target].size + 3);
    group.append(shape("path", { d: `M${from.x} ${from.y}Q${control.x.toFixed(1)} ${control.y.toFixed(1)} ${end.x.toFixed(1)} ${end.y.toFixed(1)}`, ...style }));
    if (link.directed) {
      const wing = (side) => `${(end.x - towards.x * 11 + side * towards.y * 5).toFixed(1)},${(end.y - towards.y * 11 - side * towards.x * 5).toFixed(1)}`;
      group.append(shape("polygon", { points: `${end.x.toFixed(1)},${end.y.toFixed(1)} ${wing(1)} ${wing(-1)}`, fill: link.colour }));
    }
    if (link.labelled && link.label) {
      const lines = link.label.split("\n");
      const middle = { x: (from.x + 2 * control.x + to.x) / 4, y: (from.y + 2 * control.y + to.y) / 4 };
      group.append(textLines(lines, middle.x, middle.y - (lines.length - 1) * 6.6 + 4, 11, { fill: "#333d50" }));
    }
  };

  const svgGroups = (scene, at) => {
    const groups = new Map();
    if (scene.layout === "clusters") {
      scene.nodes.forEach((node, place) => {
        if (node.group === null) return;
        if (!groups.has(node.group)) groups.set(node.group, []);
        groups.get(node.group).push({ x: at[place].x, y: at[place].y, reach: node.size + 22, below: node.label ? 26 : 0 });
      });
    }
    return [...groups].map(([number, members]) => {
      const colour = scene.highlights[number]?.colour ?? "#667085";
      const points = graphPage.groupOutline(members).map(({ x, y }) => `${x.toFixed(1)},${y.toFixed(1)}`).join(" ");
      return shape("polygon", { points, fill: colour, "fill-opacity": 0.08, stroke: colour, "stroke-opacity": 0.5, "stroke-linejoin": "round" });
    });
  };

  /** The whole chart as an SVG document of shapes and texts only. */
  graphPage.svg = (chart) => {
    const { scene } = chart;
    const at = chart.positions();
    const size = scene.nodes.length ? bounds(scene, at) : { left: 0, top: 0, width: 600, height: 60 };
    const lines = [...head(scene), "", ...legend(scene)];
    const top = size.top - lines.length * 18 - 30;
    const wide = Math.max(size.width, 900);
    const sheet = shape("svg", {
      xmlns: NAMESPACE, viewBox: `${size.left} ${top} ${wide} ${size.top + size.height - top}`, width: wide,
      height: size.top + size.height - top, "font-family": graphPage.FACE,
    });
    sheet.append(shape("rect", { x: size.left, y: top, width: wide, height: size.top + size.height - top, fill: "#ffffff" }));
    lines.forEach((line, number) => sheet.append(shape("text",
      { x: size.left + 16, y: top + 26 + number * 18, "font-size": number ? 12 : 16, "font-weight": number ? 400 : 700, fill: "#1a2233" }, line)));
    const visible = scene.nodes.map((node) => !chart.hidden.entity.has(node.kind));
    sheet.append(...svgGroups(scene, at));
    const links = shape("g", {});
    for (const link of scene.links) {
      const ends = [chart.place.get(link.source), chart.place.get(link.target)];
      if (!chart.hidden.link.has(link.kind) && ends.every((place) => visible[place])) svgLink(link, scene, chart, at, links);
    }
    sheet.append(links);
    scene.nodes.forEach((node, place) => {
      if (!visible[place]) return;
      const { x, y } = at[place];
      sheet.append(outline(node, x, y));
      sheet.append(textLines([node.icon], x, y + node.size * 0.28, node.size * 0.8, { fill: node.ink, "stroke-width": 0, "font-weight": 600 }));
      if (node.label) sheet.append(textLines(node.label.split("\n"), x, y + node.size + 18, 14));
      if (node.tag) sheet.append(textLines([node.tag.toUpperCase()], x, y - node.size - 8, 10, { "font-weight": 700 }));
    });
    return new XMLSerializer().serializeToString(sheet);
  };

  graphPage.saveSvg = async (chart) => {
    graphPage.save(new Blob([graphPage.svg(chart)], { type: "image/svg+xml" }), graphPage.fileName(chart.scene.title, "svg"));
  };
})();
