/**
 * Adaptive Cards, drawn. `host.act(path, inputs)` is told where in the card's JSON the pressed button stands, and what the
 * inputs hold; it answers `{ ok, problems }`.
 *
 * While a card is drawn, `scene` carries the host, the root node (where inputs and named parts are) and the card's JSON.
 */

import { withBars } from "./bars.js";
import { actionSet } from "./card-actions.js";
import { drawInput } from "./card-inputs.js";
import { el } from "./dom.js";
import { inline, markdown } from "./markdown.js";
import { fillFunctions } from "./time.js";

/** A whole card as a node. `outer` is the card's JSON that it unfolds from, where it is not the outermost. */
export function drawCard(card, host, outer = card) {
  const root = el("div.ac-card", { lang: card.lang });
  const scene = { host, root, card: outer };
  root.append(...drawElements(card.body ?? [], scene));
  if (card.actions?.length) root.append(actionSet(card.actions, scene, drawCard));
  return root;
}

const DRAW = {
  TextBlock: textBlock,
  RichTextBlock: richText,
  FactSet: factSet,
  ColumnSet: columnSet,
  Container: container,
  Table: table,
  Image: picture,
  ImageSet: (element, scene) =>
    el("div.ac-images", {}, ...(element.images ?? []).map((one) => picture(one, scene))),
  ActionSet: (element, scene) => actionSet(element.actions ?? [], scene, drawCard),
  "Chart.HorizontalBar": barChart,
};

/** The nodes of a list of elements. What we don't know gives way to its fallback, or is named. */
export function drawElements(elements, scene) {
  return elements.flatMap((element) => {
    const node = drawElement(element, scene);
    return node ? [node] : [];
  });
}

function drawElement(element, scene) {
  const draw = element.type?.startsWith("Input.") ? drawInput : DRAW[element.type];
  if (!draw) {
    if (element.fallback === "drop") return null;
    if (element.fallback) return drawElement(element.fallback, scene);
    return el("p.ac-unknown", {}, `A “${element.type}” element, which this page can't draw.`);
  }
  const node = draw(element, scene);
  node.classList.add("ac");
  const spacing = (element.spacing ?? "default").toLowerCase();
  if (/^[a-z]+$/.test(spacing)) node.classList.add(`space-${spacing}`);
  if (element.separator) node.classList.add("separated");
  if (element.id) node.dataset.part = element.id;
  if (element.isVisible === false) node.hidden = true;
  if (element.horizontalAlignment) node.classList.add(`align-${word(element.horizontalAlignment)}`);
  return node;
}

function word(value) {
  const text = String(value ?? "").toLowerCase();
  return /^[a-z]+$/.test(text) ? text : "default";
}

function dress(node, element) {
  for (const trait of ["size", "weight", "color", "fontType", "style"]) {
    if (typeof element[trait] === "string")
      node.classList.add(`${trait.toLowerCase()}-${word(element[trait])}`);
  }
  if (element.isSubtle) node.classList.add("subtle");
}

function textBlock(element) {
  const heading = element.style === "heading";
  const node = el(
    "div.ac-text",
    heading ? { role: "heading", "aria-level": "3" } : {},
    ...markdown(element.text),
  );
  dress(node, element);
  if (!element.wrap) node.classList.add("clipped");
  if (element.maxLines) node.style.setProperty("--lines", element.maxLines);
  return node;
}

function richText(element) {
  return el(
    "p.ac-text.ac-rich",
    {},
    ...(element.inlines ?? []).map((run) => {
      if (typeof run === "string") return run;
      let node = el("span", {}, ...brokenLines(fillFunctions(run.text ?? "")));
      dress(node, run);
      if (run.highlight) node.classList.add("highlight");
      for (const [style, tag] of [
        ["italic", "em"],
        ["strikethrough", "s"],
        ["underline", "u"],
      ])
        if (run[style]) node = el(tag, {}, node);
      if (run.selectAction?.type === "Action.OpenUrl") node = openLink(run.selectAction.url, node);
      return node;
    }),
  );
}

function openLink(url, node) {
  const safe = /^https?:\/\//i.test(url ?? "");
  return safe ? el("a", { href: url, target: "_blank", rel: "noopener noreferrer" }, node) : node;
}

function brokenLines(text) {
  return text.split("\n").flatMap((line, index) => (index ? [el("br"), ...withBars(line)] : withBars(line)));
}

function factSet(element) {
  const rows = (element.facts ?? []).map((fact) =>
    el("div", {}, el("dt", {}, ...inline(fact.title ?? "")), el("dd", {}, ...markdown(fact.value))),
  );
  return el("dl.ac-facts", {}, ...rows);
}

function columnSet(element, scene) {
  const columns = (element.columns ?? []).map((column) => {
    const node = el("div.ac-column", {}, ...drawElements(column.items ?? [], scene));
    sizeColumn(node, column.width);
    if (column.id) node.dataset.part = column.id;
    if (column.isVisible === false) node.hidden = true;
    if (column.style) node.classList.add(`box-${word(column.style)}`);
    if (column.verticalContentAlignment)
      node.classList.add(`vertical-${word(column.verticalContentAlignment)}`);
    return node;
  });
  const node = el("div.ac-columns", {}, ...columns);
  if (element.style) node.classList.add(`box-${word(element.style)}`);
  return node;
}

function sizeColumn(node, width) {
  if (width === "auto") node.style.flex = "0 1 auto";
  else if (/^\d+px$/.test(width ?? "")) node.style.flex = `0 0 ${width}`;
  else node.style.flex = `${Number(width) || 1} 1 0`;
}

function container(element, scene) {
  const node = el("div.ac-container", {}, ...drawElements(element.items ?? [], scene));
  if (element.style) node.classList.add(`box-${word(element.style)}`);
  if (element.bleed) node.classList.add("bleed");
  return node;
}

function table(element, scene) {
  const widths = (element.columns ?? []).map((column) => {
    const node = el("col");
    if (/^\d+px$/.test(column.width ?? "")) node.style.width = column.width;
    else if (Number(column.width))
      node.style.width = `${(100 * column.width) / sumOfWidths(element.columns)}%`;
    return node;
  });
  const firstIsHead = element.firstRowAsHeaders ?? element.firstRowAsHeader ?? true;
  const rows = (element.rows ?? []).map((row, index) =>
    el(
      "tr",
      {},
      ...(row.cells ?? []).map((cell) => {
        const head = firstIsHead && index === 0;
        const node = el(
          head ? "th" : "td",
          head ? { scope: "col" } : {},
          ...drawElements(cell.items ?? [], scene),
        );
        if (cell.style ?? row.style) node.classList.add(`box-${word(cell.style ?? row.style)}`);
        return node;
      }),
    ),
  );
  const node = el(
    "table",
    {},
    el("colgroup", {}, ...widths),
    firstIsHead ? el("thead", {}, rows.shift()) : null,
    el("tbody", {}, ...rows),
  );
  if (element.showGridLines === false) node.classList.add("open");
  return el("div.ac-table", { tabindex: "0" }, node);
}

function sumOfWidths(columns) {
  return columns.reduce((sum, column) => sum + (Number(column.width) || 0), 0) || 1;
}

function picture(element) {
  const safe = /^(data:image\/|\/)/.test(element.url ?? "");
  const node = safe
    ? el("img.ac-image", { src: element.url, alt: element.altText ?? "" })
    : el("em.ac-image", {}, element.altText ?? "A picture");
  if (element.size) node.classList.add(`image-${word(element.size)}`);
  if (element.style === "person") node.classList.add("person");
  if (/^\d+px$/.test(element.width ?? "")) node.style.width = element.width;
  if (/^\d+px$/.test(element.height ?? "")) node.style.height = element.height;
  return node;
}

function barChart(element) {
  const bars = element.data ?? [];
  const largest = Math.max(
    1,
    Number(element.xAxisMax ?? element.maxValue) || 0,
    ...bars.map((bar) => Number(bar.y) || 0),
  );
  const rows = bars.map((bar) => {
    const fill = el("span.ac-bar-fill", {});
    fill.style.width = `${(100 * (Number(bar.y) || 0)) / largest}%`;
    const colour = word(bar.color ?? element.color);
    fill.classList.add(`bar-${colour}`);
    return el(
      "li",
      {},
      el("span.ac-bar-label", {}, String(bar.x ?? "")),
      el("span.ac-bar", {}, fill),
      el("b", {}, String(bar.y ?? 0)),
    );
  });
  return el(
    "figure.ac-chart",
    {},
    element.title ? el("figcaption", {}, element.title) : null,
    el("ul", {}, ...rows),
  );
}
