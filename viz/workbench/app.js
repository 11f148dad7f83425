// The first page: find, look at an entity and its neighbours, walk outwards, ask for a path between two.
"use strict";

(() => {
  const { element, button } = graphPage;
  const EMPTY = { title: "", subtitle: [], notes: [], layout: "force", nodes: [], links: [], legend: [], highlights: [] };
  const at = (id) => document.getElementById(id);
  const page = { find: at("find"), results: at("results"), state: at("state"), back: at("back"), path: at("path"),
    download: at("download"), pins: at("pins"), title: at("title"), subtitle: at("subtitle"), warning: at("warning") };
  const pinned = [];
  const history = [];
  let asked = null;
  let turn = 0;
  let kinds = new Map();

  /** The JSON of an answer, or an error with the words of the problem document. */
  const request = async (path, body, accept = "application/json") => {
    const response = await fetch(path, body === undefined ? { headers: { Accept: accept } } : {
      method: "POST", headers: { "Content-Type": "application/json", Accept: accept }, body: JSON.stringify(body),
    });
    if (!response.ok) {
      const told = await response.json().catch(() => ({}));
      throw new Error(told.detail || `the service answered ${response.status}`);
    }
    return accept === "text/html" ? response.blob() : response.json();
  };

  const parts = graphPage.chartParts();
  const chart = new graphPage.Chart(parts.canvas, parts.tip, EMPTY, {
    select: (choice) => panel && panel.details(choice), open: (node) => expand(node),
  });
  const panel = new graphPage.Panel(chart, parts, (node) => node.members > 1 ? [] : [
    button("Expand", () => expand(node)),
    button("Only its neighbours", () => around(node.id)),
    button(pinned.some((pin) => pin.id === node.id) ? "Unpin" : "Pin", () => pin(node)),
    button("Remove", () => remove(node)),
  ]);

  const say = (text) => { page.state.textContent = text; };

  /** Runs work whose answer only counts while nothing newer was asked. */
  const newest = async (work, show) => {
    const mine = ++turn;
    parts.canvas.classList.add("busy");
    try {
      const answer = await work();
      if (mine === turn) show(answer);
    } catch (problem) {
      if (mine === turn) say(problem.message);
    } finally {
      if (mine === turn) parts.canvas.classList.remove("busy");
    }
  };

  const show = (scene, question) => {
    if (asked) history.push({ scene: chart.scene, asked });
    asked = question;
    put(scene);
  };

  const put = (scene, options) => {
    chart.show(scene, options);
    panel.fill();
    page.title.textContent = scene.title;
    page.subtitle.textContent = scene.subtitle.join(" · ");
    page.warning.textContent = scene.notes.join(" ");
    page.warning.hidden = scene.notes.length === 0;
    page.back.disabled = history.length === 0;
    page.download.disabled = !asked;
  };

  const ask = (question, parameters) => {
    const body = { question, parameters };
    return newest(() => request("/v1/charts", body), (scene) => { show(scene, body); say(scene.notes[0] || ""); });
  };

  const around = (id) => ask("expand", { entity: id, hops: 1 });

  /** Adds the neighbours of a node to what is there, around the place where it stands. */
  const expand = (node) => newest(() => request("/v1/charts", { question: "expand", parameters: { entity: node.id, hops: 1 } }), (scene) => {
    history.push({ scene: chart.scene, asked });
    const placed = chart.positions();
    const known = new Set(chart.scene.nodes.map((one) => one.id));
    const linked = new Set(chart.scene.links.map((one) => one.id));
    const from = scene.nodes.find((one) => one.id === node.id);
    const here = placed[chart.place.get(node.id)];
    const kept = chart.scene.nodes.map((one, place) => ({ ...one, x: placed[place].x, y: placed[place].y }));
    const more = scene.nodes.filter((one) => !known.has(one.id)).map((one) => ({ ...one, tag: "", emphasis: false,
      x: here.x + one.x - from.x, y: here.y + one.y - from.y }));
    const merged = { ...chart.scene, layout: "force", highlights: [], notes: scene.notes, nodes: [...kept, ...more],
      links: [...chart.scene.links, ...scene.links.filter((one) => !linked.has(one.id))] };
    put({ ...merged, legend: legendOf(merged, [...chart.scene.legend, ...scene.legend]) });
    say(more.length ? `${more.length} more` : "Nothing new around it");
  });

  const remove = (node) => {
    history.push({ scene: chart.scene, asked });
    const placed = chart.positions();
    const left = { ...chart.scene, highlights: [],
      nodes: chart.scene.nodes.map((one, place) => ({ ...one, x: placed[place].x, y: placed[place].y })).filter((one) => one.id !== node.id),
      links: chart.scene.links.filter((one) => one.source !== node.id && one.target !== node.id) };
    put({ ...left, legend: legendOf(left, chart.scene.legend) }, { keepView: true });
  };

  /** The legend of a merged scene: the entries of its parts, counted anew. */
  const legendOf = (scene, entries) => {
    const counts = new Map();
    const count = (of, kind) => counts.set(`${of} ${kind}`, (counts.get(`${of} ${kind}`) || 0) + 1);
    scene.nodes.forEach((one) => count("entity", one.kind));
    scene.links.forEach((one) => count("link", one.kind));
    const seen = new Map(entries.map((entry) => [`${entry.of} ${entry.kind}`, entry]));
    return [...seen].filter(([key]) => counts.has(key)).map(([key, entry]) => ({ ...entry, count: counts.get(key) }));
  };

  const pin = (node) => {
    const place = pinned.findIndex((one) => one.id === node.id);
    if (place >= 0) pinned.splice(place, 1);
    else pinned.push({ id: node.id, caption: node.caption });
    while (pinned.length > 2) pinned.shift();
    page.path.disabled = pinned.length !== 2;
    page.pins.textContent = pinned.length ? `Pinned: ${pinned.map((one) => one.caption).join(" and ")}` : "Pin two entities to ask how one reaches the other.";
    panel.details(chart.selected);
  };

  const find = (text) => newest(() => request("/v1/questions/find", { parameters: { text, limit: 40 } }), (answer) => {
    const entities = new Map(answer.subgraph.entities.map((one) => [one.id, one]));
    say(answer.result.hits.length ? `${answer.result.total.toLocaleString("en")} found` : `Nothing is called “${text}”`);
    page.results.replaceChildren(...answer.result.hits.map((hit) => {
      const entity = entities.get(hit.id);
      const kind = kinds.get(entity.kind) || { label: entity.kind, colour: "#8c8c8c", icon: "?" };
      const place = [...(entity.properties.country || []), ...(entity.properties.nationality || [])].slice(0, 2).join(", ");
      return element("li", {}, button("", () => around(hit.id), { class: "entry tall" },
        graphPage.sign({ ...kind, ink: "#ffffff" }),
        element("span", { class: "words", dir: "auto" }, entity.caption, element("small", {}, [kind.label, place].filter(Boolean).join(" · ")))));
    }));
  });

  let waiting = 0;
  page.find.addEventListener("input", () => {
    clearTimeout(waiting);
    const text = page.find.value.trim();
    if (text) waiting = setTimeout(() => find(text), 180);
    else { page.results.replaceChildren(); say("Type a name to begin."); }
  });
  page.find.addEventListener("keydown", (event) => {
    const first = page.results.querySelector("button");
    if (event.key === "Enter" && first) first.click();
  });
  page.back.addEventListener("click", () => {
    const before = history.pop();
    asked = before.asked;
    put(before.scene);
  });
  page.path.addEventListener("click", () => ask("shortest-paths", { source: pinned[0].id, target: pinned[1].id }));
  page.download.addEventListener("click", () => newest(() => request("/v1/charts", asked, "text/html"), (blob) => {
    graphPage.save(blob, graphPage.fileName(chart.scene.title, "html"));
  }));

  request("/v1/ontology").then((told) => { kinds = new Map(told.entity_kinds.map((kind) => [kind.name, kind])); }, (problem) => say(problem.message));
  parts.empty.hidden = true;
  graphPage.shown = { chart, panel };
})();
