/** Block Kit, drawn. `host` says what clicks do: { act(element, details), confirm(question, then) }. */

import { withBars } from "./bars.js";
import { el, link } from "./dom.js";
import { markdown } from "./markdown.js";
import { actionElement, inputBlock } from "./slack-elements.js";
import { emojiNamed, fillDate, mention, mrkdwn, nameOf, textObject, words } from "./slack-text.js";

const DRAW = {
  header: (block) => el("h3.bk-header", {}, ...textObject(block.text)),
  divider: () => el("hr.bk-divider"),
  section,
  context: (block) => el("div.bk-context", {}, ...block.elements.map(contextElement)),
  actions: (block, host) =>
    el("div.bk-actions", {}, ...block.elements.map((element) => actionElement(element, block, host))),
  input: inputBlock,
  rich_text: (block) => el("div.bk-rich", {}, ...block.elements.map(richElement)),
  table,
  markdown: (block) => el("div.bk-markdown", {}, ...markdown(block.text)),
  image: (block) =>
    el("figure.bk-image", {}, picture(block), block.title ? el("figcaption", {}, words(block.title)) : null),
  data_visualization: chart,
  alert: (block) =>
    el(
      `div.bk-alert.${/^\w+$/.test(block.level ?? "") ? block.level : "default"}`,
      {},
      ...textObject(block.text),
    ),
};

/** The nodes of a list of blocks. A block we don't know is named, never silently left out. */
export function drawBlocks(blocks, host) {
  return blocks.map((block) => {
    const draw = DRAW[block.type];
    const node = draw
      ? draw(block, host)
      : el("p.bk-unknown", {}, `A “${block.type}” block, which this page can't draw.`);
    node.classList.add("bk");
    return node;
  });
}

function section(block, host) {
  const body = el("div.bk-section-body");
  if (block.text) body.append(el("div.bk-text", {}, ...textObject(block.text)));
  if (block.fields)
    body.append(el("div.bk-fields", {}, ...block.fields.map((field) => el("div", {}, ...textObject(field)))));
  const side = block.accessory;
  if (!side) return el("div.bk-section", {}, body);
  const drawn = side.type === "image" ? picture(side) : actionElement(side, block, host);
  return el("div.bk-section.with-accessory", {}, body, el("div.bk-accessory", {}, drawn));
}

function contextElement(element) {
  return element.type === "image" ? picture(element) : el("span", {}, ...textObject(element));
}

function picture(image) {
  const safe = /^(data:image\/|\/)/.test(image.image_url ?? "");
  return safe
    ? el("img", { src: image.image_url, alt: image.alt_text ?? "" })
    : el("em", {}, image.alt_text ?? "A picture");
}

function richElement(element) {
  if (element.type === "rich_text_list") return richList(element);
  const inner = element.elements.map(richSpan);
  if (element.type === "rich_text_quote") return el("blockquote", {}, ...inner);
  if (element.type === "rich_text_preformatted") return el("pre", {}, ...inner);
  return el("div.bk-rich-section", {}, ...inner);
}

function richList(list) {
  const items = list.elements.map((item) => el("li", {}, ...item.elements.map(richSpan)));
  const node = el(
    list.style === "ordered" ? "ol" : "ul",
    list.offset ? { start: list.offset + 1 } : {},
    ...items,
  );
  node.style.marginInlineStart = `${(list.indent ?? 0) * 20}px`;
  return node;
}

function richSpan(span) {
  if (span.type === "link") return styled(span, link(span.url, span.text ?? span.url));
  if (span.type === "user") return styled(span, mention(`@${nameOf("users", span.user_id)}`));
  if (span.type === "channel") return styled(span, mention(`#${nameOf("channels", span.channel_id)}`));
  if (span.type === "broadcast") return mention(`@${span.range}`);
  if (span.type === "emoji") return emojiNamed(span.name);
  if (span.type === "date") return styled(span, fillDate(span));
  return styled(span, brokenLines(span.text ?? ""));
}

function brokenLines(text) {
  return el(
    "span",
    {},
    ...text.split("\n").flatMap((line, index) => (index ? [el("br"), ...withBars(line)] : withBars(line))),
  );
}

function styled(span, node) {
  const wraps = { bold: "strong", italic: "em", strike: "s", code: "code" };
  let outer = node;
  for (const [style, tag] of Object.entries(wraps)) if (span.style?.[style]) outer = el(tag, {}, outer);
  return outer;
}

function table(block) {
  const settings = block.column_settings ?? [];
  const rows = block.rows.map((row, index) => {
    const cells = row.map((cell, column) => {
      const node = el(index ? "td" : "th", index ? {} : { scope: "col" }, ...tableCell(cell));
      if (settings[column]?.align) node.style.textAlign = settings[column].align;
      return node;
    });
    return el("tr", {}, ...cells);
  });
  return el(
    "div.bk-table",
    { tabindex: "0" },
    el("table", {}, el("thead", {}, rows[0]), el("tbody", {}, ...rows.slice(1))),
  );
}

function tableCell(cell) {
  if (cell.type === "rich_text") return cell.elements.map(richElement);
  if (cell.type === "mrkdwn") return mrkdwn(cell.text);
  return [cell.text ?? ""];
}

function chart(block) {
  const series = block.chart?.series ?? [];
  const points = series.flatMap((one) => one.data ?? []);
  const largest = Math.max(1, ...points.map((point) => Number(point.value) || 0));
  const bars = points.map((point) => {
    const fill = el("span.bk-bar-fill");
    fill.style.width = `${(100 * (Number(point.value) || 0)) / largest}%`;
    return el(
      "li",
      {},
      el("span.bk-bar-label", {}, String(point.label ?? "")),
      el("span.bk-bar", {}, fill),
      el("b", {}, String(point.value)),
    );
  });
  return el("figure.bk-chart", {}, el("figcaption", {}, words(block.title ?? "")), el("ul", {}, ...bars));
}
