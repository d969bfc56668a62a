/** Starts the page: the session, both panes, the clock and the tabs of narrow screens. */

import { Session, post } from "./session.js";
import { SlackPane } from "./slack-pane.js";
import { TeamsPane } from "./teams-pane.js";
import { faceOf } from "./time.js";

const session = new Session();
const slack = new SlackPane(document.querySelector(".pane.slack"), session);
const teams = new TeamsPane(document.querySelector(".pane.teams"), session);

function startClock() {
  const face = document.querySelector("[data-clock]");
  const tick = () => {
    const { now, received } = session.state;
    if (!now) return;
    const date = new Date(Date.parse(now) + Date.now() - received);
    const text = faceOf(date);
    if (face.textContent !== text) face.textContent = text;
    face.dateTime = date.toISOString();
  };
  setInterval(tick, 1000);
  session.onChange(tick);
  for (const button of document.querySelectorAll("[data-advance]")) {
    button.addEventListener("click", async () => {
      button.disabled = true;
      const answer = await post("/demo/clock", { advance: Number(button.dataset.advance) });
      if (!answer.ok) slack.parts.toast(answer.error);
      await session.refresh();
      button.disabled = false;
    });
  }
}

function startTabs() {
  const panes = document.querySelector("main");
  const tabs = [...document.querySelectorAll("[data-tab]")];
  for (const tab of tabs) {
    tab.addEventListener("click", () => {
      panes.dataset.showing = tab.dataset.tab;
      for (const each of tabs) each.setAttribute("aria-pressed", String(each === tab));
      session.tell();
    });
  }
}

function showLive(isLive) {
  const mark = document.querySelector("[data-live]");
  const text = isLive ? "Live" : "Reconnecting";
  mark.dataset.live = isLive ? "on" : "off";
  mark.title = text;
  mark.firstElementChild.textContent = text;
}

session.onChange((state) => {
  slack.render(state.slack);
  teams.render(state.teams);
  document.body.dataset.ready = "yes";
});
startClock();
startTabs();
await session.start();
await session.refresh();
session.follow(showLive);
