// What vis-network does not draw: the outline of a group, and small labels on a dark ground.
"use strict";

(() => {
  /** The convex hull of points, counter-clockwise (Andrew's monotone chain). */
  const hull = (points) => {
    const sorted = [...points].sort((a, b) => a.x - b.x || a.y - b.y);
    const turn = (o, a, b) => (a.x - o.x) * (b.y - o.y) - (a.y - o.y) * (b.x - o.x);
    const half = (list) => {
      const kept = [];
      for (const point of list) {
        while (kept.length > 1 && turn(kept.at(-2), kept.at(-1), point) <= 0) kept.pop();
        kept.push(point);
      }
      return kept.slice(0, -1);
    };
    return sorted.length < 3 ? sorted : [...half(sorted), ...half(sorted.reverse())];
  };

  /** The outline of a group around its members ({x, y, reach, below}) with rounded corners, and its name above. */
  graphPage.groupOutline = (members) => hull(members.flatMap(({ x, y, reach, below }) =>
    [[-1, -1], [1, -1], [1, 1], [-1, 1]].map(([across, down]) =>
      ({ x: x + across * reach * 1.5, y: y + down * reach + (down > 0 ? below : 0) }))));

  /** A group with its name, which is left out where it would lie on one of `named`, and is added to them. */
  graphPage.paintGroup = (pen, members, colour, name, scale, named) => {
    const outline = graphPage.groupOutline(members);
    pen.save();
    pen.beginPath();
    const last = outline.at(-1);
    pen.moveTo((last.x + outline[0].x) / 2, (last.y + outline[0].y) / 2);
    outline.forEach((corner, at) => {
      const next = outline[(at + 1) % outline.length];
      pen.arcTo(corner.x, corner.y, next.x, next.y, 26);
    });
    pen.closePath();
    pen.globalAlpha = 0.09;
    pen.fillStyle = colour;
    pen.fill();
    pen.globalAlpha = 0.55;
    pen.lineWidth = 1.5;
    pen.strokeStyle = colour;
    pen.stroke();
    pen.globalAlpha = 1;
    pen.fillStyle = colour;
    const size = Math.max(15, 12 / scale);
    pen.font = `700 ${size}px ${graphPage.FACE}`;
    pen.textAlign = "center";
    pen.textBaseline = "bottom";
    const top = Math.min(...outline.map((corner) => corner.y));
    const xs = outline.map((corner) => corner.x);
    const half = pen.measureText(name).width / 2 + size * 0.2;
    const box = { x: (Math.min(...xs) + Math.max(...xs)) / 2, y: top - 4 - size / 2, half };
    const free = named.every((other) => Math.abs(other.x - box.x) > other.half + half || Math.abs(other.y - box.y) > size * 1.2);
    if (free) {
      named.push(box);
      pen.fillText(name, box.x, top - 4);
    }
    pen.restore();
  };

  /** A small label with light text; `y` is its middle, `size` that of its letters. */
  graphPage.paintPill = (pen, text, x, y, colour, face, size = 10) => {
    pen.save();
    pen.font = `700 ${size}px ${face}`;
    pen.textAlign = "center";
    pen.textBaseline = "middle";
    const width = pen.measureText(text).width + size;
    pen.beginPath();
    pen.roundRect(x - width / 2, y - size * 0.75, width, size * 1.5, size * 0.75);
    pen.fillStyle = colour;
    pen.fill();
    pen.fillStyle = "#ffffff";
    pen.fillText(text, x, y + 0.5);
    pen.restore();
  };
})();
