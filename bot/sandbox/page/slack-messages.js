/** One message of the local Slack, and the days between messages. */

import { avatar, el, icon } from "./dom.js";
import { drawBlocks } from "./slack-blocks.js";
import { mrkdwn } from "./slack-text.js";
import { clockTime, dayName, moment } from "./time.js";

/** Messages with a key each, and a divider before each day. */
export function withDays(messages) {
  const items = [];
  let day = "";
  for (const message of messages) {
    const name = dayName(moment(message.time ?? message.ts));
    if (name !== day) items.push({ key: `day ${name}`, day: name });
    day = name;
    items.push({ ...message, key: `${message.ts}${message.ephemeral ? " only me" : ""}` });
  }
  return items;
}

/** A message (or a day's divider); `openMenu` hangs the message shortcuts from its button. */
export function drawMessage(message, host, openMenu) {
  if (message.day !== undefined) return el("div.day", { role: "separator" }, el("span", {}, message.day));
  const when = moment(message.time ?? message.ts);
  const head = el(
    "div.message-head",
    {},
    el("strong", {}, message.author),
    message.bot ? el("span.badge", {}, "APP") : null,
    el("time", { datetime: when.toISOString() }, clockTime(when)),
  );
  const body = message.blocks?.length
    ? el("div.blocks", {}, ...drawBlocks(message.blocks, host))
    : el("div.bk-text", {}, ...mrkdwn(message.text));
  if (message.edited) body.append(el("span.edited", {}, "(edited)"));
  return el(
    `article.message${message.ephemeral ? ".ephemeral" : ""}`,
    { data: { message: message.ts } },
    avatar(message.author, message.bot),
    el("div.message-body", {}, message.ephemeral ? onlyYou() : null, head, body),
    message.ephemeral ? null : hoverMenu(openMenu),
  );
}

function onlyYou() {
  return el("p.only-you", {}, icon("eye"), "Only visible to you");
}

function hoverMenu(openMenu) {
  const data = { label: "More message shortcuts" };
  const more = el(
    "button.hover-more",
    {
      type: "button",
      data,
      "aria-label": "More message shortcuts",
      "aria-haspopup": "menu",
      title: "More message shortcuts",
    },
    icon("more"),
  );
  more.addEventListener("click", () => openMenu(more));
  return more;
}
