/** Bars that are written in block characters ("▓▓▓░░"), drawn as one smooth bar; the characters stay as its text. */

import { el } from "./dom.js";

const BAR = /[▓█]+░*|░{5,}/g;
const SHORTEST = 5;

/** Text as nodes, its bars drawn. */
export function withBars(text) {
  const nodes = [];
  let end = 0;
  for (const found of text.matchAll(BAR)) {
    if (found[0].length < SHORTEST) continue;
    nodes.push(text.slice(end, found.index), bar(found[0]));
    end = found.index + found[0].length;
  }
  nodes.push(text.slice(end));
  return nodes.filter((node) => node !== "");
}

function bar(cells) {
  const full = cells.replaceAll("░", "").length;
  const node = el("span.bar-run", {}, cells);
  node.style.setProperty("--share", `${(100 * full) / cells.length}%`);
  node.style.setProperty("--cells", cells.length);
  return node;
}
