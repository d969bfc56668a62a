/** The list that opens above Slack's composer while a slash command is being typed. */

import { el } from "./dom.js";

/** A list of the commands that fit what stands in `area`; Tab takes the first, a click takes one. */
export function suggestions(area, session) {
  const list = el("ul.hints", { hidden: true, "aria-label": "Commands" });
  const take = (command) => {
    area.value = `/board ${command.word} `;
    area.focus();
    show();
  };
  const show = () => {
    const found = area.value.startsWith("/") ? fitting(area.value, session.commands) : [];
    list.replaceChildren(...found.map((command) => entry(command, take)));
    list.hidden = found.length === 0;
  };
  area.addEventListener("input", show);
  area.addEventListener("keydown", (event) => {
    if (event.key === "Escape") list.hidden = true;
    if (event.key !== "Tab" || event.shiftKey || list.hidden) return;
    const found = fitting(area.value, session.commands);
    if (!found.length) return;
    event.preventDefault();
    take(found[0]);
  });
  area.addEventListener("blur", () => setTimeout(() => (list.hidden = true), 150));
  return list;
}

function fitting(text, commands) {
  const [slash, word = ""] = text.split(/\s+/);
  if (text.split(/\s+/).length > 2) return [];
  const typeable = commands.filter((command) => command.word);
  if ("/board".startsWith(slash)) return typeable.filter((command) => command.word.startsWith(word));
  return typeable.filter((command) => `/${command.word}`.startsWith(slash));
}

function entry(command, take) {
  const choose = (event) => {
    event.preventDefault();
    take(command);
  };
  return el(
    "li",
    {},
    el(
      "button",
      { type: "button", tabindex: "-1", data: { hint: command.word }, on: { mousedown: choose } },
      el("b", {}, `/board ${command.word}`),
      el("span", {}, command.help),
    ),
  );
}
