/** One message of the local Teams: text or a card, with its avatar. */

import { drawCard } from "./card.js";
import { avatar, el, icon } from "./dom.js";
import { markdown } from "./markdown.js";
import { clockTime, dayName, moment } from "./time.js";

/** Messages with a key each, and a divider before each day. */
export function withDays(messages) {
  const items = [];
  let day = "";
  for (const message of threaded(messages)) {
    const name = dayName(moment(message.time));
    if (name !== day && !message.reply) items.push({ key: `day before ${message.id}`, day: name });
    if (!message.reply) day = name;
    items.push({ ...message, key: message.id });
  }
  return items;
}

/** Replies under the post that they answer; what was answered last stands last, as in a channel of Teams. */
function threaded(messages) {
  const threads = new Map();
  for (const message of messages) {
    const root = message.thread || message.id;
    const before = threads.get(root) ?? [];
    threads.delete(root);
    threads.set(root, [...before, { ...message, reply: before.length > 0 }]);
  }
  return [...threads.values()].flat();
}

/** A message (or a day's divider). In a channel it is a post; in a chat our own stand on the right. */
export function drawMessage(message, host, isChannel, openMenu) {
  if (message.day !== undefined) return el("div.day", { role: "separator" }, el("span", {}, message.day));
  const when = moment(message.time);
  const head = el(
    "div.message-head",
    {},
    el("strong", {}, message.author),
    message.bot ? el("span.badge", {}, "App") : null,
    el("time", { datetime: when.toISOString() }, clockTime(when)),
    message.updated ? el("span.edited", {}, "Edited") : null,
  );
  const text = message.text ? el("div.message-text", {}, ...spoken(message.text)) : null;
  const card = message.card ? drawCard(message.card, host) : null;
  const kinds = [
    isChannel ? "post" : "chat",
    message.mine && !isChannel ? "mine" : "",
    card ? "with-card" : "",
    isChannel && message.reply ? "reply" : "",
  ].filter(Boolean);
  return el(
    `article.message.${kinds.join(".")}`,
    { data: { message: message.id } },
    message.mine && !isChannel ? null : avatar(message.author, message.bot),
    el("div.message-body", {}, head, text, card),
    hoverMenu(openMenu),
  );
}

/** A text whose opening "@Folkmoot" is drawn as the mention that it is. */
function spoken(text) {
  const called = text.match(/^\s*@Folkmoot\b/i);
  if (!called) return markdown(text);
  const nodes = markdown(text.slice(called[0].length).trimStart());
  const mention = el("span.mention", {}, "Folkmoot");
  if (nodes[0]?.localName !== "p") return [el("p", {}, mention), ...nodes];
  nodes[0].prepend(mention, " ");
  return nodes;
}

function hoverMenu(openMenu) {
  const label = "More options";
  const more = el(
    "button.hover-more",
    {
      type: "button",
      data: { label: "More message options" },
      "aria-label": label,
      "aria-haspopup": "menu",
      title: label,
    },
    icon("more"),
  );
  more.addEventListener("click", () => openMenu(more));
  return more;
}
