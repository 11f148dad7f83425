// The chart itself: a scene shown by vis-network. Every text is painted on a canvas or set as textContent.
"use strict";

(() => {
  const FACE = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', 'Liberation Sans', 'DejaVu Sans', sans-serif";
  const INK = "#1a2233";
  const FAINT = "rgba(26, 34, 51, 0.16)";
  const TAGS = new Map([["from", "FROM"], ["to", "TO"], ["start", "START"], ["asked", "ASKED"], ["via", "VIA"]]);
  const MAJOR = 60;
  const OPTIONS = {
    autoResize: true,
    layout: { randomSeed: 1, improvedLayout: false },
    physics: false,
    interaction: {
      hover: true, multiselect: true, selectConnectedEdges: false, hoverConnectedEdges: false, tooltipDelay: 1e9,
      keyboard: { enabled: true, bindToWindow: false },
    },
    nodes: { scaling: { label: { drawThreshold: 6.3 } }, borderWidth: 2, borderWidthSelected: 4, font: { face: FACE, size: 14, strokeWidth: 4, strokeColor: "#ffffff" } },
    edges: { scaling: { label: { drawThreshold: 1 } }, arrowStrikethrough: false, selectionWidth: 1.4, hoverWidth: 0.8, font: { face: FACE, size: 11 } },
  };
  const PHYSICS = {
    enabled: true, solver: "barnesHut", stabilization: false,
    barnesHut: { gravitationalConstant: -9000, springLength: 170, springConstant: 0.02, avoidOverlap: 0.6, damping: 0.5 },
  };

  class Chart {
    /** Shows a scene in `holder`; `tip` is the element for hover texts; `events` are called back: select, change, open. */
    constructor(holder, tip, scene, events = {}) {
      this.holder = holder;
      this.tip = tip;
      this.events = events;
      this.hidden = { entity: new Set(), link: new Set() };
      this.focus = null;
      this.selected = null;
      this.named = [];
      this.nodes = new vis.DataSet();
      this.edges = new vis.DataSet();
      this.network = new vis.Network(holder, { nodes: this.nodes, edges: this.edges }, OPTIONS);
      this.attach();
      this.show(scene);
    }

    /** Replaces what is drawn. Entities are numbered for vis-network, so that no id of the data is ever a key of its objects. */
    show(scene, { keepView = false } = {}) {
      this.scene = scene;
      this.place = new Map(scene.nodes.map((node, at) => [node.id, at]));
      this.linkPlace = new Map(scene.links.map((link, at) => [link.id, at]));
      this.around = scene.nodes.map(() => []);
      scene.links.forEach((link, at) => {
        this.around[this.place.get(link.source)].push(at);
        if (link.source !== link.target) this.around[this.place.get(link.target)].push(at);
      });
      const event = (at) => Number(scene.nodes[at].shape === "diamond");
      const told = (at) => Number(scene.nodes[at].tag !== "" || scene.nodes[at].emphasis);
      this.major = scene.nodes.map((_, at) => at)
        .sort((a, b) => told(b) - told(a) || event(a) - event(b) || scene.nodes[b].size - scene.nodes[a].size || a - b).slice(0, MAJOR);
      this.found = null;
      this.focus = null;
      this.selected = null;
      this.looks = new Map();
      this.hideTip();
      this.edges.clear();
      this.nodes.clear();
      this.nodes.add(scene.nodes.map((node, at) => ({ x: node.x, y: node.y, ...this.visNode(node, at) })));
      this.edges.add(scene.links.map((link, at) => this.visEdge(link, at)));
      if (!keepView) this.fit(false);
    }

    visNode(node, at) {
      const shown = !this.hidden.entity.has(node.kind);
      const clear = !this.focus || this.focus.nodes.has(at);
      const ring = node.emphasis ? INK : "rgba(26, 34, 51, 0.55)";
      return {
        id: at, hidden: !shown, shape: node.shape, size: node.size, opacity: clear ? 1 : 0.13,
        label: node.label || undefined, borderWidth: node.emphasis ? 4 : 1.5,
        color: {
          background: node.colour, border: clear ? ring : FAINT,
          highlight: { background: node.colour, border: INK }, hover: { background: node.colour, border: INK },
        },
        font: { color: clear ? INK : FAINT, size: node.emphasis ? 15 : 14, strokeWidth: clear ? 4 : 0 },
      };
    }

    visEdge(link, at) {
      const ends = [this.scene.nodes[this.place.get(link.source)], this.scene.nodes[this.place.get(link.target)]];
      const shown = !this.hidden.link.has(link.kind) && ends.every((end) => !this.hidden.entity.has(end.kind));
      const clear = !this.focus || this.focus.links.has(at);
      const lit = this.focus && clear;
      const labelled = shown && clear && (link.labelled || (lit && this.focus.links.size <= 60));
      const loop = link.source === link.target;
      return {
        id: at, from: this.place.get(link.source), to: this.place.get(link.target), hidden: !shown,
        label: labelled ? link.label : undefined, width: link.width + (lit ? 0.9 : 0),
        color: { color: link.colour, highlight: link.colour, hover: link.colour, opacity: clear ? 0.9 : 0.1 },
        arrows: { to: { enabled: link.directed, scaleFactor: link.width > 3 ? 0.5 : 0.75 } },
        smooth: loop || !link.curve ? false
          : { enabled: true, type: link.curve > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(link.curve) },
        selfReference: { size: 26, angle: Math.PI / 4 + (loop ? link.curve * 0.9 : 0), renderBehindTheNode: false },
        font: { color: "#333d50", size: 11, strokeWidth: 0, background: "rgba(255, 255, 255, 0.88)", align: "horizontal" },
      };
    }

    /** Draws everything again after a change of filter or focus; positions stay. */
    refresh() {
      this.update(this.nodes, this.scene.nodes.map((node, at) => this.visNode(node, at)));
      this.update(this.edges, this.scene.links.map((link, at) => this.visEdge(link, at)));
    }

    /** Hands only those items to vis-network that look other than before. */
    update(set, items) {
      const changed = items.filter((item) => {
        const look = `${item.hidden} ${item.opacity ?? item.color.opacity} ${item.width ?? ""} ${item.label === undefined}`;
        const same = this.looks.get(item.id + (set === this.nodes ? "n" : "e")) === look;
        this.looks.set(item.id + (set === this.nodes ? "n" : "e"), look);
        return !same;
      });
      if (changed.length) set.update(changed);
    }

    attach() {
      const network = this.network;
      network.on("beforeDrawing", (pen) => this.paintGroups(pen, network));
      network.on("afterDrawing", (pen) => this.paintSigns(pen, network));
      network.on("click", (happened) => {
        if (happened.nodes.length) this.select({ node: happened.nodes[0] });
        else if (happened.edges.length) this.select({ link: happened.edges[0] });
        else this.select(null);
      });
      network.on("doubleClick", (happened) => {
        if (happened.nodes.length && this.events.open) this.events.open(this.scene.nodes[happened.nodes[0]]);
      });
      network.on("hoverNode", ({ node, event }) => this.showTip(this.nodeTip(this.scene.nodes[node]), event));
      network.on("hoverEdge", ({ edge, event }) => this.showTip(this.linkTip(this.scene.links[edge]), event));
      for (const name of ["blurNode", "blurEdge", "dragStart", "zoom"]) network.on(name, () => this.hideTip());
    }

    nodeTip(node) {
      const more = node.left_out ? `\n+ ${node.left_out} links not shown` : "";
      return `${node.kind_label}\n${node.caption}${more}`;
    }

    linkTip(link) {
      const [from, to] = [link.source, link.target].map((end) => this.scene.nodes[this.place.get(end)].caption);
      return `${link.caption}\n${from}\n${link.directed ? "→" : "—"} ${to}`;
    }

    showTip(text, event) {
      this.tip.textContent = text.length > 700 ? `${text.slice(0, 700)}…` : text;
      this.tip.hidden = false;
      const box = this.tip.getBoundingClientRect();
      this.tip.style.left = `${Math.max(4, Math.min(event.clientX + 14, window.innerWidth - box.width - 8))}px`;
      this.tip.style.top = `${Math.max(4, Math.min(event.clientY + 16, window.innerHeight - box.height - 8))}px`;
    }

    hideTip() {
      this.tip.hidden = true;
      this.tip.textContent = "";
    }

    /** Selects `{node}` or `{link}` by its place, or nothing: what it touches stands out, the rest steps back. */
    select(choice, { centre = false } = {}) {
      this.selected = choice;
      this.hideTip();
      if (!choice) this.setFocus(null);
      else if (choice.node !== undefined) {
        const links = this.around[choice.node];
        const ends = links.flatMap((at) => [this.scene.links[at].source, this.scene.links[at].target]);
        this.setFocus({ nodes: new Set([choice.node, ...ends.map((id) => this.place.get(id))]), links: new Set(links) });
        this.network.setSelection({ nodes: [choice.node], edges: [] }, { highlightEdges: false });
      } else {
        const link = this.scene.links[choice.link];
        this.setFocus({ nodes: new Set([link.source, link.target].map((id) => this.place.get(id))), links: new Set([choice.link]) });
        this.network.setSelection({ nodes: [], edges: [choice.link] }, { highlightEdges: false });
      }
      if (!choice) this.network.unselectAll();
      if (centre && choice && choice.node !== undefined) this.centre(choice.node);
      if (this.events.select) this.events.select(choice);
    }

    /** Lets some nodes and links stand out ({nodes, links}: sets of places), or all of them (null). */
    setFocus(focus) {
      this.focus = focus;
      this.refresh();
    }

    /** Lets one path or group stand out. */
    highlight(entry) {
      this.selected = null;
      this.network.unselectAll();
      this.setFocus(entry && {
        nodes: new Set(entry.nodes.map((id) => this.place.get(id)).filter((at) => at !== undefined)),
        links: new Set(entry.links.map((id) => this.linkPlace.get(id)).filter((at) => at !== undefined)),
      });
      if (this.events.select) this.events.select(null);
    }

    /** Places of the nodes and links whose text holds every word; hidden kinds are left out. */
    search(text) {
      const words = graphPage.folded(text).split(/\s+/).filter(Boolean);
      if (!words.length) return null;
      const hay = (item) => graphPage.folded([item.caption, item.kind_label, ...item.details.flatMap(
        ([heading, lines]) => [heading, ...lines.flat()])].join(" "));
      this.found ??= { nodes: this.scene.nodes.map(hay), links: this.scene.links.map(hay) };
      const hits = (texts, open) => texts.map((_, at) => at).filter((at) => open(at) && words.every((w) => texts[at].includes(w)));
      return {
        nodes: hits(this.found.nodes, (at) => !this.hidden.entity.has(this.scene.nodes[at].kind)),
        links: hits(this.found.links, (at) => !this.hidden.link.has(this.scene.links[at].kind)),
      };
    }

    /** Shows or hides a kind; `of` is "entity" or "link". */
    filter(of, kind, shown) {
      if (shown) this.hidden[of].delete(kind);
      else this.hidden[of].add(kind);
      this.refresh();
    }

    animation() {
      return window.matchMedia("(prefers-reduced-motion: reduce)").matches ? false : { duration: 350, easingFunction: "easeInOutQuad" };
    }

    /** The whole drawing in view, never magnified beyond its true size. */
    fit(animated = true) {
      this.network.fit({ animation: animated && this.animation(), maxZoomLevel: 1.15, minZoomLevel: 0.02 });
    }

    centre(node) {
      this.network.focus(node, { scale: Math.max(0.85, this.network.getScale()), animation: this.animation() });
    }

    physics(on) {
      this.network.setOptions({ physics: on ? PHYSICS : { enabled: false } });
    }

    /** Where every node is now, by place. */
    positions() {
      const at = this.network.getPositions();
      return this.scene.nodes.map((_, place) => at[place]);
    }

    paintGroups(pen, network) {
      this.named = [];
      if (this.scene.layout !== "clusters") return;
      const at = network.getPositions();
      const groups = new Map();
      this.scene.nodes.forEach((node, place) => {
        if (node.group === null || this.hidden.entity.has(node.kind) || !at[place]) return;
        if (!groups.has(node.group)) groups.set(node.group, []);
        groups.get(node.group).push({ x: at[place].x, y: at[place].y, reach: node.size + 22, below: node.label ? 26 : 0 });
      });
      for (const [number, members] of [...groups].sort(([a, one], [b, other]) => other.length - one.length || a - b)) {
        const entry = this.scene.highlights[number];
        graphPage.paintGroup(pen, members, entry ? entry.colour : "#667085", entry ? entry.label.split(" · ")[0] : "", network.getScale(), this.named);
      }
    }

    paintSigns(pen, network) {
      const scale = network.getScale();
      const at = network.getPositions();
      if (scale < 0.45) this.paintMajor(pen, at, scale);
      if (scale < 0.22) return;
      pen.textAlign = "center";
      pen.textBaseline = "middle";
      const small = Math.min(14, Math.max(10, 8 / scale));
      this.scene.nodes.forEach((node, place) => {
        if (this.hidden.entity.has(node.kind) || !at[place]) return;
        const { x, y } = at[place];
        pen.globalAlpha = !this.focus || this.focus.nodes.has(place) ? 1 : 0.13;
        pen.fillStyle = node.ink;
        pen.font = `600 ${Math.round(node.size * (node.icon.length > 2 ? 0.62 : 0.8))}px ${FACE}`;
        pen.fillText(node.icon, x, y + 1 + (node.shape === "triangleDown" ? -node.size * 0.2 : 0));
        if (node.tag) graphPage.paintPill(pen, TAGS.get(node.tag) ?? node.tag, x, y - node.size - 7 - small * 0.8, INK, FACE, small);
        if (node.left_out) graphPage.paintPill(pen, `+${node.left_out}`, x + node.size + 8, y - node.size + 2, "#8a2c0d", FACE);
      });
      pen.globalAlpha = 1;
    }

    /** From far away: the captions of the largest nodes in a size that can be read, as many as do not collide. */
    paintMajor(pen, at, scale) {
      const taken = [...this.named];
      for (const place of this.major) {
        const node = this.scene.nodes[place];
        const dim = this.focus && !this.focus.nodes.has(place);
        if (dim || this.hidden.entity.has(node.kind) || !at[place]) continue;
        const text = node.caption.length > 22 ? `${node.caption.slice(0, 21).trimEnd()}…` : node.caption;
        const size = 11 / scale;
        pen.font = `500 ${size}px ${FACE}`;
        const half = pen.measureText(text).width / 2 + size * 0.4;
        const box = { x: at[place].x, y: at[place].y + node.size + size * 0.9 };
        if (taken.some((other) => Math.abs(other.x - box.x) < other.half + half && Math.abs(other.y - box.y) < size * 1.45)) continue;
        taken.push({ ...box, half });
        pen.lineJoin = "round";
        pen.textAlign = "center";
        pen.textBaseline = "middle";
        pen.lineWidth = 3.5 / scale;
        pen.strokeStyle = "rgba(255, 255, 255, 0.92)";
        pen.strokeText(text, box.x, box.y);
        pen.fillStyle = INK;
        pen.fillText(text, box.x, box.y);
      }
    }
  }

  graphPage.Chart = Chart;
  graphPage.FACE = FACE;
  graphPage.CHART_OPTIONS = OPTIONS;
})();
