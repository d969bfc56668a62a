/** Slack's mrkdwn as nodes. Everything a person wrote arrives as text nodes; nothing is ever parsed as HTML. */

import { el, link } from "./dom.js";
import { fillPattern } from "./time.js";

const EMOJI = {
  white_check_mark: "✅",
  heavy_check_mark: "✔️",
  ballot_box_with_check: "☑️",
  x: "❌",
  no_entry: "⛔",
  no_entry_sign: "🚫",
  warning: "⚠️",
  hourglass: "⌛",
  hourglass_flowing_sand: "⏳",
  alarm_clock: "⏰",
  clock1: "🕐",
  calendar: "📅",
  date: "📅",
  spiral_calendar_pad: "🗓️",
  memo: "📝",
  pencil: "📝",
  scroll: "📜",
  lock: "🔒",
  unlock: "🔓",
  eyes: "👀",
  tada: "🎉",
  bell: "🔔",
  speech_balloon: "💬",
  ballot_box: "🗳️",
  ballot_box_with_ballot: "🗳️",
  raised_hand: "✋",
  hand: "✋",
  thumbsup: "👍",
  "+1": "👍",
  thumbsdown: "👎",
  "-1": "👎",
  large_green_circle: "🟢",
  red_circle: "🔴",
  white_circle: "⚪",
  large_yellow_circle: "🟡",
  large_orange_circle: "🟠",
  large_blue_circle: "🔵",
  black_circle: "⚫",
  wave: "👋",
  star: "⭐",
  arrow_right: "➡️",
  information_source: "ℹ️",
  office: "🏢",
  classical_building: "🏛️",
  scales: "⚖️",
  pushpin: "📌",
};

const names = { users: new Map(), channels: new Map() };

/** Who stands behind `<@U…>` and `<#C…>`: maps from id to name. */
export function useNames(users, channels) {
  names.users = users;
  names.channels = channels;
}

/** Undo Slack's three escapes. */
export function unescape(text) {
  return text.replace(/&lt;/g, "<").replace(/&gt;/g, ">").replace(/&amp;/g, "&");
}

/** `:white_check_mark:` as its character; an unknown name stays as it is written. */
export function emoji(text) {
  return text.replace(/:([a-z0-9_+-]+):/g, (whole, name) => EMOJI[name] ?? whole);
}

/** One emoji by its name. */
export function emojiNamed(name) {
  return EMOJI[name] ?? `:${name}:`;
}

/** The nodes of a mrkdwn text: quotes, code blocks, lines and what is inside them. */
export function mrkdwn(text) {
  const nodes = [];
  const fenced = String(text ?? "").split("```");
  fenced.forEach((part, index) => {
    if (index % 2 && index < fenced.length - 1) nodes.push(el("pre", {}, unescape(part.replace(/^\n/, ""))));
    else nodes.push(...lines(index % 2 ? "```" + part : part));
  });
  return nodes;
}

function lines(text) {
  const nodes = [];
  let quote = null;
  text.split("\n").forEach((line, index) => {
    const quoted = line.match(/^(&gt;|>) ?(.*)$/);
    if (quoted) {
      if (quote) quote.append(el("br"));
      else nodes.push((quote = el("blockquote")));
      quote.append(...spans(quoted[2]));
      return;
    }
    if (index > 0 && !quote) nodes.push(el("br"));
    quote = null;
    nodes.push(...spans(line));
  });
  return nodes;
}

const JOINER = "\u2060"; // stands around marks that are meant as they are

const TOKENS = [
  [/^`([^`\n]+)`/, (found) => el("code", {}, unescape(found[1]))],
  [/^<([^<>\n]+)>/, (found) => entity(found[1])],
  [/^\*(?=\S)([^*\n]*[^*\s])\*(?![\p{L}\p{N}])/u, (found) => el("strong", {}, ...spans(found[1]))],
  [/^_(?=\S)([^_\n]*[^_\s])_(?![\p{L}\p{N}])/u, (found) => el("em", {}, ...spans(found[1]))],
  [/^~(?=\S)([^~\n]*[^~\s])~(?![\p{L}\p{N}])/u, (found) => el("s", {}, ...spans(found[1]))],
];

function spans(text) {
  const nodes = [];
  let rest = text;
  let run = "";
  const flush = () => {
    if (run) nodes.push(emoji(unescape(run)));
    run = "";
  };
  while (rest) {
    const hit = tokenAt(rest, run);
    if (hit) {
      flush();
      nodes.push(hit.node);
      rest = rest.slice(hit.length);
    } else {
      const [letter] = rest;
      run += letter;
      rest = rest.slice(letter.length);
    }
  }
  flush();
  return nodes;
}

function tokenAt(rest, run) {
  if (!"`<*_~".includes(rest[0])) return null;
  if (rest[0] !== "<" && (run.endsWith(JOINER) || rest[1] === JOINER)) return null;
  if ("*_~".includes(rest[0]) && /[\p{L}\p{N}]$/u.test(run)) return null;
  for (const [pattern, make] of TOKENS) {
    const found = rest.match(pattern);
    if (found) return { node: make(found), length: found[0].length };
  }
  return null;
}

function entity(inside) {
  const [target, label] = inside.split(/\|(.*)/s);
  const shown = label === undefined ? null : unescape(label);
  if (target.startsWith("@"))
    return mention(`@${shown || names.users.get(target.slice(1)) || target.slice(1)}`);
  if (target.startsWith("#"))
    return mention(`#${shown || names.channels.get(target.slice(1)) || target.slice(1)}`);
  if (target.startsWith("!date^")) return dated(target, shown);
  if (target.startsWith("!")) return mention(`@${shown || target.slice(1)}`);
  return link(unescape(target), shown ?? unescape(target));
}

function dated(target, fallback) {
  const [, seconds, pattern, url] = target.split("^");
  const text = fillPattern(seconds, unescape(pattern ?? "")) ?? fallback ?? "";
  return url ? link(unescape(url), text) : el("span", { title: fallback }, text);
}

/** A rich text date element: its format filled in, in the demo's zone. */
export function fillDate(span) {
  const text = fillPattern(span.timestamp, span.format ?? "{date}") ?? span.fallback ?? "";
  return span.url ? link(span.url, text) : el("span", { title: span.fallback }, text);
}

/** A person or channel named in a text. */
export function mention(text) {
  return el("span.mention", {}, text);
}

/** The name behind a user or channel id, for rich text. */
export function nameOf(kind, id) {
  return names[kind].get(id) ?? id;
}

/** A Slack text object (plain_text or mrkdwn), or plain text, as nodes. */
export function textObject(text) {
  if (!text) return [];
  if (typeof text === "string") return [emoji(text)];
  if (text.type === "mrkdwn") return mrkdwn(text.text);
  const shown = words(text);
  return shown.split("\n").flatMap((line, index) => (index ? [el("br"), line] : [line]));
}

/** The words of a text object, for labels. */
export function words(text) {
  if (!text || typeof text === "string") return emoji(text ?? "");
  return text.emoji === false ? text.text : emoji(text.text);
}
