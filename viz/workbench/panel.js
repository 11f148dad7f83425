// What stands beside the chart: search, filters, paths and groups, the list of entities, and the details of a choice.
"use strict";

(() => {
  const { element, button, sign } = graphPage;
  const LISTED = 400;

  /** Fills the panel of a chart. `parts` are the page's elements by name; `more` gives extra buttons for a node. */
  class Panel {
    constructor(chart, parts, more = () => []) {
      this.chart = chart;
      this.parts = parts;
      this.more = more;
      this.query = "";
      parts.search.addEventListener("input", () => this.search(parts.search.value));
      parts.search.addEventListener("keydown", (event) => this.searchKey(event));
      parts.fit.addEventListener("click", () => chart.fit());
      parts.physics.addEventListener("click", () => this.togglePhysics());
      parts.png.addEventListener("click", () => this.exported(() => graphPage.savePng(chart)));
      parts.svg.addEventListener("click", () => this.exported(() => graphPage.saveSvg(chart)));
      parts.print.addEventListener("click", () => window.print());
      document.addEventListener("keydown", (event) => { if (event.key === "Escape") this.clear(); });
      this.fill();
    }

    /** Everything that depends on the scene, written anew. */
    fill() {
      this.fillLegend();
      this.fillHighlights();
      this.fillList();
      this.details(null);
      this.parts.empty.hidden = this.chart.scene.nodes.length > 0;
      if (this.query) this.search(this.query);
    }

    async exported(act) {
      try {
        await act();
        this.parts.found.textContent = "Saved.";
      } catch (problem) {
        this.parts.found.textContent = `The picture could not be made: ${problem.message}`;
      }
    }

    togglePhysics() {
      const on = this.parts.physics.getAttribute("aria-pressed") !== "true";
      this.parts.physics.setAttribute("aria-pressed", String(on));
      this.chart.physics(on);
    }

    clear() {
      this.parts.search.value = "";
      this.search("");
      this.chart.select(null);
      this.pressed(null);
    }

    search(text) {
      this.query = text.trim();
      const hits = this.chart.search(this.query);
      this.parts.hits.replaceChildren();
      if (!hits) {
        this.parts.found.textContent = "";
        this.chart.setFocus(null);
        return;
      }
      const { nodes, links } = this.chart.scene;
      this.parts.found.textContent = hits.nodes.length + hits.links.length
        ? `${hits.nodes.length} entities, ${hits.links.length} links` : "Nothing found in this chart";
      const ends = hits.links.flatMap((at) => [links[at].source, links[at].target]).map((id) => this.chart.place.get(id));
      this.chart.setFocus({ nodes: new Set([...hits.nodes, ...ends]), links: new Set(hits.links) });
      for (const at of hits.nodes.slice(0, 30)) this.parts.hits.append(element("li", {}, this.nodeButton(nodes[at], at)));
    }

    searchKey(event) {
      if (event.key !== "Enter") return;
      event.preventDefault();
      const hits = this.chart.search(this.query);
      if (hits && hits.nodes.length) this.chart.select({ node: hits.nodes[0] }, { centre: true });
      else if (hits && hits.links.length) this.chart.select({ link: hits.links[0] });
    }

    nodeButton(node, at) {
      return button("", () => this.chart.select({ node: at }, { centre: true }), { class: "entry" }, sign(node),
        element("span", { class: "words", dir: "auto" }, node.caption));
    }

    fillLegend() {
      const rows = (of) => this.chart.scene.legend.filter((entry) => entry.of === of).map((entry) => {
        const box = element("input", { type: "checkbox" });
        box.checked = !this.chart.hidden[of].has(entry.kind);
        box.addEventListener("change", () => this.chart.filter(of, entry.kind, box.checked));
        return element("li", {}, element("label", { class: "entry" }, box, sign(entry),
          element("span", { class: "words", dir: "auto" }, entry.label), element("span", { class: "count" }, entry.count.toLocaleString("en"))));
      });
      this.parts.entityKinds.replaceChildren(...rows("entity"));
      this.parts.linkKinds.replaceChildren(...rows("link"));
      this.parts.legend.hidden = this.chart.scene.legend.length === 0;
    }

    fillHighlights() {
      const { highlights, layout } = this.chart.scene;
      this.parts.highlights.hidden = highlights.length === 0;
      this.parts.highlightsName.textContent = layout === "paths" ? "Paths" : layout === "clusters" ? "Groups" : "Parts of the answer";
      this.parts.highlightsList.replaceChildren(...highlights.slice(0, LISTED).map((entry) => {
        const mark = element("span", { class: "dot" });
        mark.style.backgroundColor = entry.colour;
        const made = button("", () => {
          const on = made.getAttribute("aria-pressed") !== "true";
          this.pressed(on ? made : null);
          this.chart.highlight(on ? entry : null);
        }, { class: "entry tall", "aria-pressed": "false" }, mark, element("span", { class: "words" },
          element("strong", {}, entry.label), element("small", { dir: "auto" }, entry.text)));
        return element("li", {}, made);
      }));
    }

    pressed(chosen) {
      for (const other of this.parts.highlightsList.querySelectorAll("button")) {
        other.setAttribute("aria-pressed", String(other === chosen));
      }
    }

    fillList() {
      const { nodes } = this.chart.scene;
      const order = nodes.map((_, at) => at).sort((a, b) => nodes[a].caption.localeCompare(nodes[b].caption, "en"));
      this.parts.listName.textContent = `All entities (${nodes.length.toLocaleString("en")})`;
      this.parts.list.replaceChildren(...order.slice(0, LISTED).map((at) => element("li", {}, this.nodeButton(nodes[at], at))));
      if (order.length > LISTED) this.parts.list.append(element("li", { class: "note" }, `and ${order.length - LISTED} more: use the search`));
    }

    /** Shows a choice ({node} or {link}: a place), or how to make one. */
    details(choice) {
      const { scene } = this.chart;
      if (!choice) {
        this.parts.details.replaceChildren(element("p", { class: "note" },
          scene.nodes.length ? "Click an entity or a link to see what is known of it, and from which source." : ""));
        return;
      }
      const item = choice.node !== undefined ? scene.nodes[choice.node] : scene.links[choice.link];
      const title = element("h2", {}, sign(choice.node !== undefined ? item : { ...item, icon: "" }),
        element("span", { class: "words", dir: "auto" }, item.caption));
      const extra = choice.node !== undefined ? this.more(item) : [];
      this.parts.details.replaceChildren(title, ...(extra.length ? [element("div", { class: "acts" }, ...extra)] : []),
        ...item.details.map(([heading, lines]) => this.section(heading, lines)),
        ...(choice.node !== undefined ? [this.connections(choice.node)] : []));
      this.parts.details.scrollTop = 0;
    }

    section(heading, lines) {
      return element("section", {}, heading ? element("h3", { dir: "auto" }, heading) : null,
        element("dl", {}, ...lines.flatMap(([label, text]) => [element("dt", { dir: "auto" }, label), element("dd", { dir: "auto" }, text)])));
    }

    connections(at) {
      const { nodes, links } = this.chart.scene;
      const node = nodes[at];
      const rows = this.chart.around[at].slice(0, 100).map((place) => {
        const link = links[place];
        const outward = link.source === node.id;
        const other = this.chart.place.get(outward ? link.target : link.source);
        const arrow = !link.directed ? "—" : outward ? "→" : "←";
        return element("li", {}, button("", () => this.chart.select({ link: place }), { class: "entry", title: "Show this link" },
          element("span", { class: "arrow" }, arrow), element("span", { class: "words", dir: "auto" }, link.caption)),
        this.nodeButton(nodes[other], other));
      });
      const count = this.chart.around[at].length;
      if (count > rows.length) rows.push(element("li", { class: "note" }, `and ${count - rows.length} more`));
      return element("section", {}, element("h3", {}, `Links in this chart (${count})`), element("ul", { class: "links" }, ...rows));
    }
  }

  /** The elements of the page by the names the panel uses. */
  graphPage.chartParts = () => Object.fromEntries([
    "canvas", "tip", "search", "found", "hits", "fit", "physics", "png", "svg", "print", "details", "legend", "entityKinds",
    "linkKinds", "highlights", "highlightsName", "highlightsList", "list", "listName", "empty",
  ].map((name) => [name, document.getElementById(`chart-${name}`)]));

  graphPage.Panel = Panel;
})();
