// Joining scenes: what an expansion brings is added around the entity that was expanded; what is there stays in place.
"use strict";

(() => {
  const WIDE = 150;
  const HIGH = 92;

  const counted = (nodes, links, entries) => entries.map((entry) => ({
    ...entry,
    count: (entry.of === "entity" ? nodes : links).reduce((sum, item) => sum + (item.kind === entry.kind ? item.members : 0), 0),
  })).filter((entry) => entry.count > 0).sort((a, b) => (a.of < b.of ? -1 : a.of > b.of ? 1 : b.count - a.count));

  const legend = (one, other) => {
    const found = new Map([...one, ...other].map((entry) => [`${entry.of} ${entry.kind}`, entry]));
    return [...found.values()];
  };

  /** Moves the new nodes until none lies on another; the old ones stand still. */
  const settle = (fixed, fresh) => {
    for (let round = 0; round < 120; round += 1) {
      let moved = false;
      fresh.forEach((node, number) => {
        for (const other of [...fixed, ...fresh.slice(0, number)]) {
          const across = WIDE - Math.abs(node.x - other.x);
          const down = HIGH - Math.abs(node.y - other.y);
          if (across <= 0 || down <= 0) continue;
          moved = true;
          if (across < down) node.x += (node.x < other.x ? -1 : 1) * (across + 1);
          else node.y += (node.y < other.y ? -1 : 1) * (down + 1);
        }
      });
      if (!moved) return;
    }
  };

  /** Links of the same two ends bent apart, as the server does it. */
  const bent = (links) => {
    const pairs = new Map();
    for (const link of links) {
      const pair = JSON.stringify([link.source, link.target].sort());
      if (!pairs.has(pair)) pairs.set(pair, []);
      pairs.get(pair).push(link);
    }
    return [...pairs.values()].flatMap((same) => same.map((link, number) => {
      if (link.source === link.target) return { ...link, curve: number };
      if (same.length === 1) return { ...link, curve: 0 };
      const slot = (number - (same.length - 1) / 2) * Math.min(0.22, 1.1 / same.length);
      return { ...link, curve: link.source <= link.target ? slot : -slot };
    }));
  };

  /** The scene with another one added around `anchor`, an entity of both; `at` are the present places of its nodes. */
  graphPage.joined = (scene, at, added, anchor) => {
    const here = new Map(scene.nodes.map((node, place) => [node.id, { ...node, ...at[place] }]));
    const start = added.nodes.find((node) => node.id === anchor) ?? { x: 0, y: 0 };
    const base = here.get(anchor) ?? { x: 0, y: 0 };
    const middle = { x: 0, y: 0 };
    for (const node of here.values()) { middle.x += node.x / here.size; middle.y += node.y / here.size; }
    const away = { x: base.x - middle.x, y: base.y - middle.y };
    const reach = Math.hypot(away.x, away.y) || 1;
    const fresh = added.nodes.filter((node) => !here.has(node.id));
    const push = Math.min(320, 40 + fresh.length * 9);
    const placed = fresh.map((node) => ({
      ...node, tag: "", emphasis: false,
      x: base.x + node.x - start.x + (away.x / reach) * push, y: base.y + node.y - start.y + (away.y / reach) * push,
    }));
    settle([...here.values()], placed);
    const expanded = new Map(added.nodes.map((node) => [node.id, node]));
    const kept = [...here.values()].map((node) => (node.id === anchor && expanded.has(anchor)
      ? { ...node, details: expanded.get(anchor).details, left_out: expanded.get(anchor).left_out } : node));
    const links = new Map([...scene.links, ...added.links].map((link) => [link.id, link]));
    const nodes = [...kept, ...placed];
    const all = bent([...links.values()]).map((link) => ({ ...link, labelled: links.size <= 150 }));
    return {
      ...scene, nodes, links: all, legend: counted(nodes, all, legend(scene.legend, added.legend)), highlights: [],
      layout: "force",
      notes: [...new Set([...scene.notes, ...added.notes, `Expanded by hand: ${here.get(anchor)?.caption ?? anchor}`])],
    };
  };

  /** The scene without one entity and its links. */
  graphPage.without = (scene, at, id) => {
    const nodes = scene.nodes.map((node, place) => ({ ...node, ...at[place] })).filter((node) => node.id !== id);
    const links = scene.links.filter((link) => link.source !== id && link.target !== id);
    const notes = [...scene.notes, `Taken out by hand: ${scene.nodes.find((node) => node.id === id)?.caption ?? id}`];
    return { ...scene, nodes, links, notes, legend: counted(nodes, links, scene.legend), highlights: [], layout: "force" };
  };
})();
