/**
 * Small helpers for building the page. Data only ever becomes text nodes and checked attributes, never markup.
 */

const SVG = "http://www.w3.org/2000/svg";

/**
 * Make an element: `el("button.quiet", { type: "button", on: { click } }, "Close")`.
 * Properties: `on` holds listeners, `data` holds data-* attributes, null and false are left out, true is an empty one.
 */
export function el(tag, properties = {}, ...children) {
  const [name, ...classes] = tag.split(".");
  const node = document.createElement(name);
  if (classes.length) node.className = classes.join(" ");
  for (const [key, value] of Object.entries(properties)) {
    if (value === null || value === undefined || value === false) continue;
    if (key === "on")
      for (const [event, listener] of Object.entries(value)) node.addEventListener(event, listener);
    else if (key === "data") for (const [field, text] of Object.entries(value)) setData(node, field, text);
    else if (key === "value" || key === "checked" || key === "selected") node[key] = value;
    else node.setAttribute(key, value === true ? "" : value);
  }
  node.append(
    ...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false),
  );
  return node;
}

function setData(node, field, text) {
  if (text !== null && text !== undefined) node.dataset[field] = text;
}

/** A link that can only lead to the web or to a mail programme; anything else stays text. */
export function link(url, ...children) {
  if (!/^(https?:\/\/|mailto:)/i.test(url ?? "")) return el("span", {}, ...children);
  return el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, ...children);
}

const SHAPES = {
  home: "M4 11.5 12 5l8 6.5V19a1 1 0 0 1-1 1h-4.5v-5h-5v5H5a1 1 0 0 1-1-1z",
  send: "M4 5.5 20.5 12 4 18.5l1.6-5.3L14 12l-8.4-1.2z",
  bolt: "M13 3 5 14h5.5L10 21l8.5-11.5H13z",
  more: "M6 12h.01M12 12h.01M18 12h.01",
  close: "M6 6l12 12M18 6 6 18",
  eye: "M3 12s3.5-6 9-6 9 6 9 6-3.5 6-9 6-9-6-9-6zm9-2.5a2.5 2.5 0 1 0 0 5 2.5 2.5 0 0 0 0-5z",
  chat: "M5 5h14a1 1 0 0 1 1 1v9a1 1 0 0 1-1 1h-8l-4.5 4v-4H5a1 1 0 0 1-1-1V6a1 1 0 0 1 1-1z",
  people:
    "M9 11a3 3 0 1 0 0-6 3 3 0 0 0 0 6zm-6 8c0-3 2.5-5 6-5s6 2 6 5M16 5.5a2.8 2.8 0 0 1 0 5.4M17.5 14.5c2 .6 3.5 2.2 3.5 4.5",
  bell: "M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4",
  calendar: "M5 6h14v13H5zM5 10h14M9 4v4M15 4v4",
  plus: "M12 5v14M5 12h14",
};
const OUTLINED = new Set(["more", "close", "eye", "chat", "people", "bell", "calendar", "plus"]);

/** One of the page's own drawings, hidden from screen readers: the control that holds it carries the label. */
export function icon(name) {
  const svg = document.createElementNS(SVG, "svg");
  const path = document.createElementNS(SVG, "path");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", OUTLINED.has(name) ? `icon outlined icon-${name}` : "icon");
  svg.setAttribute("aria-hidden", "true");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

const HUES = ["#b4552d", "#2f6f9f", "#3d7a4a", "#8a4f9e", "#a8761c", "#2c7f83", "#a33b5e", "#56616f"];

/** The square or round tile with a person's initials (or the ring, for Folkmoot itself). */
export function avatar(name, bot) {
  if (bot) {
    return el(
      "span.avatar.bot",
      { "aria-hidden": "true" },
      el("img", { src: "/demo/assets/mark.svg", alt: "" }),
    );
  }
  const letters = (name || "?").replace(/^(Cllr|Dr|Prof|Rev|Sgt|Supt)\.?\s+/i, "").split(/\s+/);
  const initials = (letters[0][0] ?? "?") + (letters.length > 1 ? letters.at(-1)[0] : "");
  const tile = el("span.avatar", { "aria-hidden": "true" }, initials.toUpperCase());
  let sum = 0;
  for (const letter of name || "?") sum = (sum * 31 + letter.codePointAt(0)) % 9973;
  tile.style.backgroundColor = HUES[sum % HUES.length];
  return tile;
}

/** A short text that names a piece of data, to tell whether it changed. */
export function signature(data) {
  return JSON.stringify(data);
}

let counter = 0;

/** An id that is unique on this page, to tie labels to controls. */
export function freshId(prefix) {
  counter += 1;
  return `${prefix}-${counter}`;
}
