/** The markdown that both tools share (Teams texts, Slack's markdown block), as nodes and never as HTML. */

import { el, link } from "./dom.js";
import { fillFunctions } from "./time.js";

const INLINE = [
  [/^\\([\\`*_{}[\]()#+\-.!~|<>&])/, (found) => found[1]],
  [/^`([^`\n]+)`/, (found) => el("code", {}, found[1])],
  [/^\*\*(?=\S)(.+?\S|\S)\*\*/, (found) => el("strong", {}, ...inline(found[1]))],
  [/^__(?=\S)(.+?\S|\S)__/, (found) => el("strong", {}, ...inline(found[1]))],
  [/^~~(?=\S)(.+?\S|\S)~~/, (found) => el("s", {}, ...inline(found[1]))],
  [/^\*(?=[^\s*])((?:[^*\\]|\\.)*?)\*/, (found) => el("em", {}, ...inline(found[1]))],
  [/^_(?=[^\s_])((?:[^_\\]|\\.)*?)_(?![\p{L}\p{N}])/u, (found) => el("em", {}, ...inline(found[1]))],
  [/^\[((?:[^\]\\]|\\.)*)\]\(([^)\s]+)\)/, (found) => link(found[2], ...inline(found[1]))],
  [/^<at(?:\s[^>]*)?>([^<]*)<\/at>/i, (found) => el("span.mention", {}, found[1])],
  [/^&(lt|gt|amp|quot|nbsp|#39|#160);/, (found) => ENTITIES[found[1]]],
];
const ENTITIES = { lt: "<", gt: ">", amp: "&", quot: '"', nbsp: " ", "#39": "'", "#160": " " };

/** The nodes of one line. */
export function inline(text) {
  const nodes = [];
  let rest = text;
  let run = "";
  while (rest) {
    const hit = hitAt(rest, run);
    if (hit) {
      if (run) nodes.push(run);
      run = "";
      nodes.push(hit.node);
      rest = rest.slice(hit.length);
    } else {
      const [letter] = rest;
      run += letter;
      rest = rest.slice(letter.length);
    }
  }
  if (run) nodes.push(run);
  return nodes;
}

function hitAt(rest, run) {
  if (!"\\`*_~[<&".includes(rest[0])) return null;
  if (rest[0] === "_" && /[\p{L}\p{N}]$/u.test(run)) return null;
  for (const [pattern, make] of INLINE) {
    const found = rest.match(pattern);
    if (found) return { node: make(found), length: found[0].length };
  }
  return null;
}

/** The nodes of a text of several lines: paragraphs, lists, headings, quotes, code. */
export function markdown(text) {
  const nodes = [];
  let list = null;
  let fence = null;
  for (const line of fillFunctions(String(text ?? "")).split(/\r\n|\r|\n/)) {
    if (/^```/.test(line)) {
      if (fence) fence = null;
      else nodes.push((fence = el("pre")));
      list = null;
    } else if (fence) {
      fence.append(fence.firstChild ? `\n${line}` : line);
    } else {
      list = addLine(nodes, line, list);
    }
  }
  return nodes;
}

function addLine(nodes, line, list) {
  const entry = line.match(/^\s*(?:([-*+•])|(\d+)[.)])\s+(.*)$/);
  if (entry) {
    const kind = entry[2] ? "ol" : "ul";
    let into = list;
    if (into?.localName !== kind) nodes.push((into = el(kind, entry[2] ? { start: entry[2] } : {})));
    into.append(el("li", {}, ...inline(entry[3])));
    return into;
  }
  const heading = line.match(/^#{1,6}\s+(.*)$/);
  const quote = line.match(/^>\s?(.*)$/);
  if (heading) nodes.push(el("p.heading", {}, ...inline(heading[1])));
  else if (quote) nodes.push(el("blockquote", {}, ...inline(quote[1])));
  else if (!line.trim()) nodes.push(el("div.gap"));
  else if (nodes.at(-1)?.localName === "p" && !nodes.at(-1).className)
    nodes.at(-1).append(el("br"), ...inline(line));
  else nodes.push(el("p", {}, ...inline(line)));
  return null;
}
