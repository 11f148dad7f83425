// The workbench: search, choose, expand, join two by a path; every chart comes placed and worded from the service.
"use strict";

(() => {
  const { element, button } = graphPage;
  const at = (id) => document.getElementById(id);
  const STEPS = 40;
  const parts = graphPage.chartParts();
  const kinds = new Map();
  const ends = { from: null, to: null };
  const trail = [];
  let chart = null;
  let panel = null;
  let searching = null;
  let asking = null;
  let timer = 0;

  const NOTHING = { title: "", subtitle: [], notes: [], layout: "force", nodes: [], links: [], legend: [], highlights: [] };

  /** Sends JSON and gives the response; throws with the service's own words when it refuses. */
  const post = async (path, body, signal, accept = "application/json") => {
    const response = await fetch(path, {
      method: "POST", signal, headers: { "Content-Type": "application/json", Accept: accept }, body: JSON.stringify(body),
    });
    if (response.ok) return response;
    const problem = await response.json().catch(() => ({}));
    throw new Error(problem.detail || problem.title || `The service answered ${response.status}.`);
  };

  const asked = (question, parameters) => ({
    question, parameters, scope: at("scope-collapsed").checked ? { events: "collapsed" } : {}, engine: "auto",
  });

  const say = (text) => { at("find-state").textContent = text; };

  const fail = (problem) => {
    if (problem.name === "AbortError") return;
    at("chart-head").replaceChildren(element("p", { class: "warn", role: "alert", dir: "auto" }, problem.message));
  };

  /** The results of the search box. */
  const find = async () => {
    if (searching) searching.abort();
    const text = at("find-text").value.trim();
    at("find-results").replaceChildren();
    if (!text) { say(""); return; }
    searching = new AbortController();
    say("Searching …");
    try {
      const whole = at("find-country").validity.valid;  // while it is being typed it is no country yet
      const country = (whole && at("find-country").value) || null;
      const parameters = { text, kind: at("find-kind").value || null, country, limit: 20 };
      const response = await post("/v1/questions/find", { parameters, scope: {}, engine: "auto" }, searching.signal);
      const answer = await response.json();
      const known = new Map(answer.subgraph.entities.map((entity) => [entity.id, entity]));
      const rows = answer.result.hits.filter((hit) => known.has(hit.id)).map((hit) => resultRow(known.get(hit.id)));
      at("find-results").replaceChildren(...rows);
      say(rows.length ? `${rows.length}${answer.truncated ? " or more" : ""} found` : `Nothing found for “${text}”.`);
    } catch (problem) {
      if (problem.name !== "AbortError") say(problem.message);
    }
  };

  const COUNTRY = ["country", "nationality", "jurisdiction", "flag"];

  const resultRow = (entity) => {
    const kind = kinds.get(entity.kind) ?? { label: entity.kind, icon: "?", colour: "#8c8c8c", ink: "#ffffff" };
    const lands = COUNTRY.flatMap((name) => (Object.hasOwn(entity.properties, name) ? entity.properties[name] : []));
    const line = [kind.label, [...new Set(lands)].slice(0, 3).join(", "), entity.id].filter(Boolean).join(" · ");
    return element("li", {}, button("", () => openEntity(entity.id, entity.caption), { class: "entry" }, graphPage.sign(kind),
      element("span", { class: "words" }, element("strong", { dir: "auto" }, graphPage.visible(entity.caption || entity.id)),
        element("small", { dir: "auto" }, graphPage.visible(line)))));
  };

  /** Asks for a chart and hands it over; an older question that is still open is dropped. */
  const chartOf = async (body) => {
    if (asking) asking.abort();
    asking = new AbortController();
    const mine = asking;
    document.body.classList.add("busy");
    try {
      return await (await post("/v1/charts", body, mine.signal)).json();
    } finally {
      if (asking === mine) document.body.classList.remove("busy");
    }
  };

  /** Puts a scene in front and adds a step to the trail. */
  const show = (label, body, scene, keepView = false) => {
    trail.push({ label, body, scene });
    if (trail.length > STEPS) trail.shift();
    draw(keepView);
  };

  const draw = (keepView = false) => {
    const step = trail.at(-1);
    at("welcome").hidden = Boolean(step);
    at("trail-back").disabled = trail.length < 2;
    at("chart-save").disabled = !step;
    at("trail-list").replaceChildren(...trail.map(({ label }, number) => element("li", {}, button("", () => {
      remember();
      trail.length = number + 1;
      draw();
    }, { dir: "auto", title: label }, label))));
    if (!step) return;
    const { scene } = step;
    parts.found.textContent = "";
    at("chart-head").replaceChildren(element("h2", { dir: "auto" }, scene.title),
      ...scene.subtitle.map((line) => element("p", { dir: "auto" }, line)),
      ...scene.notes.map((line) => element("p", { class: "warn", dir: "auto" }, line)));
    chart.show(scene, { keepView });
    panel.fill();
    at("trail-list").scrollLeft = at("trail-list").scrollWidth;
  };

  /** Keeps where the nodes of the present step were dragged to. */
  const remember = () => {
    const step = trail.at(-1);
    if (!step) return;
    const places = chart.positions();
    step.scene = { ...step.scene, nodes: step.scene.nodes.map((node, place) => ({ ...node, ...places[place] })) };
  };

  const selectStart = (id) => {
    const place = chart.place.get(id);
    if (place !== undefined) chart.select({ node: place });
  };

  const openEntity = async (id, caption) => {
    const body = asked("expand", { entity: id, hops: 1 });
    try {
      const scene = await chartOf(body);
      remember();
      show(graphPage.visible(caption || id), body, scene);
      selectStart(id);
    } catch (problem) { fail(problem); }
  };

  const expand = async (node) => {
    if (node.members > 1) return;
    const body = asked("expand", { entity: node.id, hops: 1 });
    try {
      const added = await chartOf(body);
      const joined = graphPage.joined(trail.at(-1).scene, chart.positions(), added, node.id);
      const fresh = joined.nodes.length - trail.at(-1).scene.nodes.length;
      remember();
      show(`+ ${node.caption}`, trail.at(-1).body, joined, true);
      selectStart(node.id);
      parts.found.textContent = fresh ? `${fresh} entities added` : "Nothing more is linked to it";
    } catch (problem) { fail(problem); }
  };

  const remove = (node) => {
    remember();
    show(`− ${node.caption}`, trail.at(-1).body, graphPage.without(trail.at(-1).scene, chart.positions(), node.id), true);
  };

  const pin = (end, node) => {
    ends[end] = node;
    at(`path-${end}`).textContent = node.caption;
    at("path-ask").disabled = !(ends.from && ends.to) || ends.from.id === ends.to.id;
  };

  const ask = async (question, parameters, label) => {
    const body = asked(question, parameters);
    try {
      const scene = await chartOf(body);
      remember();
      show(label, body, scene);
    } catch (problem) { fail(problem); }
  };

  const savePage = async () => {
    const step = trail.at(-1);
    try {
      const response = await post("/v1/charts", step.body, undefined, "text/html");
      graphPage.save(await response.blob(), graphPage.fileName(step.scene.title, "html"));
    } catch (problem) { fail(problem); }
  };

  const actions = (node) => (node.members > 1 ? [] : [
    button("Expand", () => expand(node)), button("From", () => pin("from", node), { title: "Start a path here" }),
    button("To", () => pin("to", node), { title: "End a path here" }), button("Centre", () => openEntity(node.id, node.caption)),
    button("Remove", () => remove(node), { title: "Take it out of this chart" }),
  ]);

  const loadKinds = async () => {
    const response = await fetch("/v1/ontology", { headers: { Accept: "application/json" } });
    const ontology = await response.json();
    for (const kind of ontology.entity_kinds) {
      kinds.set(kind.name, { ...kind, ink: graphPage.inkOn(kind.colour) });
      const option = element("option", { value: kind.name }, kind.label);
      at("find-kind").append(option);
    }
  };

  chart = new graphPage.Chart(parts.canvas, parts.tip, NOTHING, {
    select: (choice) => panel && panel.details(choice), open: expand,
  });
  panel = new graphPage.Panel(chart, parts, actions);
  const soon = () => { clearTimeout(timer); timer = setTimeout(find, 180); };
  at("find-text").addEventListener("input", soon);
  at("find-text").addEventListener("keydown", (event) => {
    const first = at("find-results").querySelector("button");
    if (event.key === "ArrowDown" && first) first.focus();
    else if (event.key === "Enter" && first) first.click();
  });
  at("find-kind").addEventListener("change", find);
  at("find-country").addEventListener("input", soon);
  at("path-ask").addEventListener("click", () => ask("shortest-paths", { source: ends.from.id, target: ends.to.id },
    `${ends.from.caption} → ${ends.to.caption}`));
  at("ask-communities").addEventListener("click", () => ask("communities", {}, "Communities"));
  at("ask-degree").addEventListener("click", () => ask("degree", {}, "Most connected"));
  at("trail-back").addEventListener("click", () => { trail.pop(); draw(); });
  at("chart-save").addEventListener("click", savePage);
  graphPage.shown = { chart, panel };
  loadKinds().catch(() => say("The kinds could not be loaded."));
})();
