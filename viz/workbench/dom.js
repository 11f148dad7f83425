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

  /** The text with characters that hide or reorder others shown as their code points, as the service does it. */
  graphPage.visible = (text) => text.replace(
    /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e0fff}]/gu,
    (found) => `⟦U+${found.codePointAt(0).toString(16).toUpperCase().padStart(4, "0")}⟧`);

  /** Black or white, whichever is read more easily on a colour. */
  graphPage.inkOn = (colour) => {
    const parts = [1, 3, 5].map((place) => Number.parseInt(colour.slice(place, place + 2), 16) / 255)
      .map((part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4));
    const light = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
    return (light + 0.05) / 0.06 >= 1.05 / (light + 0.05) ? "#111827" : "#ffffff";
  };

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
