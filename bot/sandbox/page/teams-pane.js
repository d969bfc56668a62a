/** The local Teams: rail, chats and channels, conversation, composer, dialog. */

import { avatar, el, icon } from "./dom.js";
import { composer, frame, layOver, listPeople } from "./frame.js";
import { fill, forget, keepingPlace } from "./keep.js";
import { openMenu } from "./menu.js";
import { Unread, post } from "./session.js";
import { drawDialog } from "./teams-dialog.js";
import { drawMessage, withDays } from "./teams-messages.js";

/** Everything inside `[data-tool=teams]`. */
export class TeamsPane {
  constructor(root, session) {
    this.session = session;
    this.unread = new Unread();
    this.shown = "";
    this.build(root);
  }

  build(root) {
    const rail = [
      ["bell", "Activity"],
      ["chat", "Chat"],
      ["people", "Teams"],
      ["calendar", "Calendar"],
    ].map(([shape, name]) => el(`li${name === "Teams" ? ".on" : ""}`, {}, icon(shape), el("span", {}, name)));
    this.rail = el("ul.rail", { "aria-hidden": "true" }, ...rail);
    this.tenant = el("div.tenant");
    this.list = el("ul.conversations");
    this.title = el("h2.conversation-title");
    this.topic = el("p.topic");
    this.messages = el("div.messages", {
      role: "log",
      "aria-label": "Messages",
      "aria-live": "polite",
      tabindex: "0",
    });
    this.parts = frame(root, "teams", "Teams", this.session, [
      this.rail,
      el("nav.sidebar", { "aria-label": "Teams conversations" }, this.tenant, this.list),
      el(
        "div.main",
        {},
        el("header.conversation-head", {}, this.title, this.topic),
        this.messages,
        this.buildComposer(),
      ),
    ]);
  }

  buildComposer() {
    const { area, submit } = composer("Type a message", "teams", (text) => this.say(text));
    this.area = area;
    this.chip = el("span.mention-chip", {}, "Folkmoot");
    this.apps = el(
      "button.tool",
      {
        type: "button",
        data: { label: "Actions and apps", shortcuts: "global" },
        "aria-label": "Actions and apps",
        "aria-haspopup": "menu",
        title: "Actions and apps",
      },
      icon("plus"),
    );
    this.apps.addEventListener("click", () => this.openExtensions(this.apps, null));
    const send = el(
      "button.send",
      { type: "button", data: { label: "Send" }, "aria-label": "Send", on: { click: submit } },
      icon("send"),
    );
    this.tip = el("p.composer-tip", {}, "Try ", el("kbd", {}, "help"), " or ", el("kbd", {}, "agreements"));
    return el("div.composer", {}, el("div.composer-box", {}, this.chip, area, this.apps, send), this.tip);
  }

  get me() {
    const [tenant, user] = this.session.who.teams.split(":");
    return { tenant, user };
  }

  get conversation() {
    const known = this.snapshot?.conversations ?? [];
    const wanted = known.find((each) => each.id === this.session.at.teams);
    return wanted ?? known.find((each) => each.kind === "channel") ?? known[0] ?? null;
  }

  /** Tell the local Teams what we do; a refusal becomes a toast. Returns the sandbox's answer. */
  async ask(what, details) {
    this.noticed = null;
    const answer = await post(`/sandbox/teams/do/${what}`, {
      ...this.me,
      conversation: this.conversation?.id ?? "",
      ...details,
    });
    if (!answer.ok && !answer.problems) this.parts.toast(answer.error ?? "Teams didn't take that.");
    await this.session.refresh();
    return answer;
  }

  async say(text) {
    const isChannel = this.conversation?.kind === "channel";
    const toBot = isChannel && !/^@Folkmoot\b/i.test(text);
    const { ok } = await this.ask("say", { text: toBot ? `@Folkmoot ${text}` : text });
    this.messages.scrollTop = this.messages.scrollHeight;
    return ok;
  }

  /** Draw what the sandbox says. */
  render(snapshot) {
    listPeople(this.parts.select, this.session, "teams");
    this.parts.window.classList.toggle("absent", !snapshot);
    if (!snapshot) return;
    this.snapshot = snapshot;
    this.apps.hidden = !this.session.commands.some((command) => command.shortcut);
    this.renderSidebar(snapshot);
    this.renderMain(snapshot);
    this.renderDialog(snapshot.dialog);
    if (snapshot.notice && snapshot.notice !== this.noticed) this.parts.toast(snapshot.notice, "notice");
    this.noticed = snapshot.notice;
  }

  renderSidebar(snapshot) {
    const here = this.conversation;
    this.tenant.replaceChildren(el("strong", {}, snapshot.tenant.name), el("span", {}, snapshot.user.name));
    const marks = [...this.rail.children];
    marks[1].classList.toggle("on", here?.kind === "personal");
    marks[2].classList.toggle("on", here?.kind !== "personal");
    const lastOf = {};
    for (const [id, messages] of Object.entries(snapshot.messages)) lastOf[id] = messages.at(-1)?.id ?? "";
    const isNew = this.unread.note(this.session.who.teams, lastOf, here?.id);
    const row = (each) => ({ ...each, active: each.id === here?.id, unread: isNew(each.id) });
    const items = [
      { id: "·chats", heading: "Chat" },
      ...snapshot.conversations.filter((each) => each.kind === "personal").map(row),
    ];
    for (const team of new Set(
      snapshot.conversations.filter((each) => each.kind !== "personal").map((each) => each.team ?? "Teams"),
    )) {
      items.push({ id: `·${team}`, heading: team, team: true });
      items.push(
        ...snapshot.conversations
          .filter((each) => each.kind !== "personal" && (each.team ?? "Teams") === team)
          .map(row),
      );
    }
    fill(
      this.list,
      items,
      (item) => item.id,
      (item) => this.sidebarItem(item),
    );
  }

  sidebarItem(item) {
    if (item.heading)
      return el(
        `li.group${item.team ? ".team" : ""}`,
        {},
        item.team ? el("span.team-tile", {}, item.heading[0]) : null,
        item.heading,
      );
    const data = { conversation: item.id, label: item.name };
    const open = () => this.session.goTo("teams", item.id);
    return el(
      "li",
      {},
      el(
        `button.conversation.${item.kind}${item.unread ? ".unread" : ""}`,
        {
          type: "button",
          data,
          "aria-current": item.active ? "page" : null,
          on: { click: open },
        },
        item.kind === "personal" ? avatar(item.name, true) : null,
        el("span", {}, item.name),
        item.unread ? el("span.visually-hidden", {}, "(unread)") : null,
      ),
    );
  }

  renderMain(snapshot) {
    const here = this.conversation;
    this.messages.hidden = !here;
    if (!here) return;
    const isChannel = here.kind === "channel";
    const tile = isChannel
      ? el("span.team-tile", { "aria-hidden": "true" }, (here.team ?? here.name)[0])
      : avatar(here.name, true);
    this.title.replaceChildren(tile, here.name);
    this.topic.textContent = isChannel ? `${here.team ?? snapshot.tenant.name} · Posts` : "Chat";
    this.chip.hidden = !isChannel;
    this.area.placeholder = isChannel ? "raise, agree, help…" : "Type a message to Folkmoot";
    this.area.setAttribute(
      "aria-label",
      isChannel ? `Post to ${here.name}, to Folkmoot` : "Type a message to Folkmoot",
    );
    const place = `${this.session.who.teams} ${here.id}`;
    const moved = place !== this.shown;
    this.shown = place;
    if (moved) forget(this.messages);
    const draw = (item) =>
      drawMessage(item, this.host(here.id, item.id), isChannel, (anchor) =>
        this.openExtensions(anchor, item),
      );
    const messages = (snapshot.messages[here.id] ?? []).map((message) => ({
      ...message,
      mine: !message.bot && message.author === snapshot.user.name,
    }));
    keepingPlace(this.messages, () => fill(this.messages, withDays(messages), (item) => item.key, draw));
    if (moved) this.messages.scrollTop = this.messages.scrollHeight;
  }

  renderDialog(dialog) {
    const draw = ({ title, card }) =>
      drawDialog(title, card, {
        submit: (action, inputs) => this.ask("dialog_submit", { action, inputs }),
        close: () => this.ask("dialog_close", {}),
      });
    fill(this.parts.layer, dialog ? [dialog] : [], () => "dialog", draw);
    layOver(this.parts, this.parts.layer.lastElementChild, this.area);
  }

  /** What a card in a message may ask for. */
  host(conversation, activity) {
    return { act: (action, inputs) => this.ask("execute", { conversation, activity, action, inputs }) };
  }

  openExtensions(anchor, message) {
    const offered = this.session.commands.filter((command) => command.shortcut);
    const items = offered.map((command) => ({
      label: command.title,
      note: "Folkmoot",
      choose: () => this.ask("extension", { command: command.command, activity: message?.id ?? "" }),
    }));
    const back = {
      label: "Show the shared card again",
      choose: () => this.ask("back", { activity: message.id }),
    };
    openMenu(anchor, message?.bot && message.card ? [...items, back] : items);
  }
}
