// Elements made of text only: the one way in which pages of this project write into a document.
"use strict";

const graphPage = {};

(() => {
  const ATTRIBUTES = new Set([
    "aria-controls", "aria-expanded", "aria-label", "aria-live", "aria-pressed", "checked", "class", "dir", "disabled",
    "for", "hidden", "id", "placeholder", "role", "tabindex", "title", "type", "value",
  ]);

  /** An element with attributes of the list above, plain text, and children. */
  graphPage.element = (tag, attributes = {}, ...content) => {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) {
      if (!ATTRIBUTES.has(name)) throw new Error(`attribute ${name} is not foreseen`);
      if (value === true) made.setAttribute(name, "");
      else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
    }
    for (const part of content) {
      if (part !== null && part !== undefined) made.append(typeof part === "object" ? part : String(part));
    }
    return made;
  };

  /** A button that calls `act`, with text or elements on it. */
  graphPage.button = (name, act, attributes = {}, ...content) => {
    const made = graphPage.element("button", { type: "button", ...attributes }, ...(content.length ? content : [name]));
    made.addEventListener("click", act);
    return made;
  };

  /** The small coloured sign of an entity kind, or the line of a link kind. */
  graphPage.sign = (entry) => {
    const made = graphPage.element("span", { class: entry.icon === "" && !entry.ink ? "sign line" : "sign" }, entry.icon || "");
    made.style.backgroundColor = entry.colour;
    if (entry.ink) made.style.color = entry.ink;
    if (entry.shape) made.classList.add(`shape-${entry.shape}`);
    made.setAttribute("aria-hidden", "true");
    return made;
  };

  /** Text without case, accents and width, for searching. */
  graphPage.folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

  /** Offers a blob as a file. */
  graphPage.save = (blob, name) => {
    const link = graphPage.element("a", {});
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  /** A file name from a title: letters, digits and dashes of any script. */
  graphPage.fileName = (title, ending) => {
    const bare = title.normalize("NFKC").replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-+|-+$/g, "").slice(0, 80);
    return `${bare || "chart"}.${ending}`;
  };
})();
