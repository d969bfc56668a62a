/** The local Slack: sidebar, conversation, composer, Home tab. What is posted and asked comes from the sandbox. */

import { avatar, el, icon } from "./dom.js";
import { composer, frame, layOver, listPeople } from "./frame.js";
import { fill, forget, keepingPlace } from "./keep.js";
import { openMenu } from "./menu.js";
import { Unread, post } from "./session.js";
import { drawBlocks } from "./slack-blocks.js";
import { plainValue } from "./slack-elements.js";
import { suggestions } from "./slack-hints.js";
import { drawMessage, withDays } from "./slack-messages.js";
import { drawModal, openConfirm, showErrors } from "./slack-modal.js";
import { useNames } from "./slack-text.js";

const HOME = "home";

/** Everything inside `[data-tool=slack]`. */
export class SlackPane {
  constructor(root, session) {
    this.session = session;
    this.unread = new Unread();
    this.shown = "";
    this.build(root);
  }

  build(root) {
    this.workspace = el("div.workspace");
    this.list = el("ul.conversations");
    this.title = el("h2.conversation-title");
    this.topic = el("p.topic");
    this.messages = el("div.messages", {
      role: "log",
      "aria-label": "Messages",
      "aria-live": "polite",
      tabindex: "0",
    });
    this.home = el("div.home-view", { "aria-label": "Folkmoot's Home tab", tabindex: "0" });
    this.parts = frame(root, "slack", "Slack", this.session, [
      el("nav.sidebar", { "aria-label": "Slack conversations" }, this.workspace, this.list),
      el(
        "div.main",
        {},
        el("header.conversation-head", {}, this.title, this.topic),
        this.messages,
        this.home,
        this.buildComposer(),
      ),
    ]);
  }

  buildComposer() {
    const { area, submit } = composer("Message", "slack", (text) => this.say(text));
    this.area = area;
    this.shortcuts = el(
      "button.tool",
      {
        type: "button",
        data: { label: "Shortcuts", shortcuts: "global" },
        "aria-label": "Shortcuts",
        "aria-haspopup": "menu",
        title: "Shortcuts",
      },
      icon("bolt"),
    );
    this.shortcuts.addEventListener("click", () => this.openShortcuts(this.shortcuts, null));
    const send = el(
      "button.send",
      { type: "button", data: { label: "Send" }, "aria-label": "Send", on: { click: submit } },
      icon("send"),
    );
    const hints = suggestions(area, this.session);
    this.footer = el(
      "div.composer",
      {},
      hints,
      el(
        "div.composer-box",
        {},
        area,
        el(
          "div.composer-tools",
          {},
          this.shortcuts,
          el("span.composer-tip", {}, "Type ", el("kbd", {}, "/board"), " to see what Folkmoot can do"),
          send,
        ),
      ),
    );
    return this.footer;
  }

  get me() {
    const [team, user] = this.session.who.slack.split(":");
    return { team, user };
  }

  get channel() {
    const known = this.snapshot?.channels ?? [];
    const wanted = this.session.at.slack;
    if (wanted === HOME || known.some((channel) => channel.id === wanted)) return wanted;
    return (known.find((channel) => channel.kind === "channel") ?? known[0])?.id ?? HOME;
  }

  /** Tell the local Slack what we do; a refusal becomes a toast. Returns whether it was taken. */
  async tell(what, details) {
    const answer = await post(`/sandbox/slack/do/${what}`, { ...this.me, ...details });
    const before = this.noticed;
    await this.session.refresh();
    const said = this.noticed && this.noticed !== before;
    if (!answer.ok && !said) this.parts.toast(answer.error ?? "Slack didn't take that.");
    return answer.ok;
  }

  async say(text) {
    const channel = this.channel;
    const slash = text.match(/^(\/[\w-]+)(?:\s+([\s\S]*))?$/);
    const said = slash
      ? await this.tell("command", { channel, command: slash[1], text: slash[2] ?? "" })
      : await this.tell("message", { channel, text });
    this.messages.scrollTop = this.messages.scrollHeight;
    return said;
  }

  /** Draw what the sandbox says. */
  render(snapshot) {
    listPeople(this.parts.select, this.session, "slack");
    this.parts.window.classList.toggle("absent", !snapshot);
    if (!snapshot) return;
    this.snapshot = snapshot;
    this.shortcuts.hidden = !this.session.commands.some((command) => command.shortcut);
    useNames(this.userNames(), new Map(snapshot.channels.map((channel) => [channel.id, channel.name])));
    this.renderSidebar(snapshot);
    this.renderMain(snapshot);
    this.renderModal(snapshot.modal);
    if (snapshot.notice && snapshot.notice !== this.noticed) this.parts.toast(snapshot.notice);
    this.noticed = snapshot.notice;
  }

  userNames() {
    return new Map(this.session.peopleIn("slack").map((person) => [person.slack.split(":")[1], person.name]));
  }

  renderSidebar(snapshot) {
    this.workspace.replaceChildren(
      el("strong", {}, snapshot.workspace.name),
      el("span.presence", {}, snapshot.user.name),
    );
    const lastOf = {};
    for (const [id, messages] of Object.entries(snapshot.messages)) lastOf[id] = messages.at(-1)?.ts ?? "";
    const isNew = this.unread.note(this.session.who.slack, lastOf, this.channel);
    const row = (channel) => ({ ...channel, active: channel.id === this.channel, unread: isNew(channel.id) });
    const channels = snapshot.channels.filter((channel) => channel.kind === "channel").map(row);
    const direct = snapshot.channels.filter((channel) => channel.kind !== "channel").map(row);
    const items = [
      { id: HOME, name: "Home", kind: HOME, active: this.channel === HOME, unread: false },
      { id: "·channels", heading: "Channels" },
      ...channels,
      { id: "·direct", heading: "Direct messages" },
      ...direct,
    ];
    fill(
      this.list,
      items,
      (item) => item.id,
      (item) => this.sidebarItem(item),
    );
  }

  sidebarItem(item) {
    if (item.heading) return el("li.group", {}, item.heading);
    const sign = { channel: el("span.sign", {}, "#"), im: avatar(item.name, true), home: icon("home") }[
      item.kind
    ];
    const open = () => {
      this.session.goTo("slack", item.id);
      if (item.kind === HOME) this.tell("home", {});
    };
    const data = { conversation: item.id, label: item.name };
    return el(
      "li",
      {},
      el(
        `button.conversation${item.unread ? ".unread" : ""}`,
        {
          type: "button",
          data,
          "aria-current": item.active ? "page" : null,
          on: { click: open },
        },
        sign,
        el("span", {}, item.name),
        item.kind === "im" ? el("span.badge", {}, "APP") : null,
        item.unread ? el("span.visually-hidden", {}, "(unread)") : null,
      ),
    );
  }

  renderMain(snapshot) {
    const channel = snapshot.channels.find((each) => each.id === this.channel);
    const isHome = !channel;
    this.title.replaceChildren(
      ...(channel?.kind === "channel"
        ? [el("span.sign", {}, "#"), channel.name]
        : [avatar("Folkmoot", true), channel?.name ?? "Folkmoot"]),
    );
    this.topic.textContent = isHome
      ? "Home"
      : channel.kind === "channel"
        ? "The board's room, shared with Teams"
        : "Your messages with Folkmoot";
    this.messages.hidden = isHome;
    this.footer.hidden = isHome;
    this.home.hidden = !isHome;
    const place = `${this.session.who.slack} ${this.channel}`;
    const moved = place !== this.shown;
    this.shown = place;
    if (isHome) this.renderHome(snapshot.home);
    else this.renderMessages(channel, snapshot.messages[channel.id] ?? [], moved);
  }

  renderMessages(channel, messages, moved) {
    const placeholder = channel.kind === "channel" ? `Message #${channel.name}` : `Message ${channel.name}`;
    this.area.placeholder = placeholder;
    this.area.setAttribute("aria-label", placeholder);
    if (moved) forget(this.messages);
    const draw = (item) =>
      drawMessage(item, this.host({ channel: channel.id, ts: item.ts }), (anchor) =>
        this.openShortcuts(anchor, item),
      );
    keepingPlace(this.messages, () => fill(this.messages, withDays(messages), (item) => item.key, draw));
    if (moved) this.messages.scrollTop = this.messages.scrollHeight;
  }

  renderHome(view) {
    const blocks = view?.blocks ?? [];
    if (!blocks.length)
      return void this.home.replaceChildren(el("p.empty", {}, "Folkmoot hasn't drawn your Home tab yet."));
    const draw = () => el("div.home-card", {}, ...drawBlocks(blocks, this.host({ view: HOME })));
    if (this.home.querySelector(".empty")) forget(this.home);
    keepingPlace(this.home, () =>
      fill(this.home, [{ blocks, of: this.session.who.slack }], () => HOME, draw),
    );
  }

  renderModal(modal) {
    const views = modal ? [withoutState(modal.view)] : [];
    const draw = (view) =>
      drawModal(view, this.host({ view: view.id }), {
        submit: (values) => this.tell("submit", { values }),
        close: () => this.tell("close", {}),
      });
    if (!this.confirming) fill(this.parts.layer, views, (view) => view.id ?? view.callback_id, draw);
    const dialog = this.parts.layer.lastElementChild;
    if (modal && dialog) showErrors(dialog, modal.errors ?? {});
    layOver(this.parts, dialog, this.area);
  }

  /** What blocks on a surface may ask for; `surface` says where they stand. */
  host(surface) {
    return {
      act: (block, element, details) => {
        const where = { ...surface, block_id: block.block_id, action_id: element.action_id };
        if (!details.state) return this.tell("click", where);
        const value = plainValue(details.state);
        return value === null
          ? null
          : this.tell("select", { ...where, value: Array.isArray(value) ? value.at(-1) : String(value) });
      },
      confirm: (question, then) => openConfirm(this, question, then),
    };
  }

  openShortcuts(anchor, message) {
    const offered = this.session.commands.filter((command) => command.shortcut);
    openMenu(
      anchor,
      offered.map((command) => ({
        label: command.title,
        note: "Folkmoot",
        choose: () =>
          this.tell("shortcut", {
            callback_id: command.command,
            channel: this.channel,
            ts: message?.ts ?? "",
          }),
      })),
    );
  }
}

/** A view as it was opened: what is being typed must not count as a change. */
function withoutState({ state, hash, ...view }) {
  return view;
}
