// The page of one chart: reads the scene that the page carries, and shows it.
"use strict";

(() => {
  const scene = JSON.parse(document.getElementById("chart-scene").textContent);
  const parts = graphPage.chartParts();
  let panel = null;
  const chart = new graphPage.Chart(parts.canvas, parts.tip, scene, { select: (choice) => panel && panel.details(choice) });
  panel = new graphPage.Panel(chart, parts);
  graphPage.shown = { chart, panel };
})();
