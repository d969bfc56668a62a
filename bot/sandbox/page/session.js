/** Who we are in each tool, what the server says, and telling it what we do. */

import { useZone } from "./time.js";

/** Ask the page's own server; `{ ok: false, error }` also stands for a server that doesn't answer. */
export async function post(path, body) {
  try {
    const response = await fetch(path, {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
    const answer = await response.json().catch(() => ({}));
    if (response.ok) return { ok: true, ...answer };
    return { ...answer, ok: false, error: answer.error ?? `The demo server answered ${response.status}.` };
  } catch {
    return { ok: false, error: "The demo server doesn't answer. Is it still running?" };
  }
}

/** The page's state: people, who we are, and the last snapshot of both tools. */
export class Session {
  constructor() {
    this.people = [];
    this.commands = [];
    this.who = { slack: "", teams: "" };
    this.at = { slack: "", teams: "" };
    this.state = { slack: null, teams: null, now: null };
    this.listeners = [];
    this.fetching = false;
    this.stale = false;
  }

  /** Load the people and take up the choices in the URL's hash; someone of each tool where it has none. */
  async start() {
    const answer = await (await fetch("/demo/people")).json();
    this.people = answer.people;
    this.commands = answer.commands ?? [];
    useZone(answer.zone);
    this.readHash();
    addEventListener("hashchange", () => {
      this.readHash();
      this.refresh();
    });
  }

  readHash() {
    const said = new URLSearchParams(location.hash.slice(1));
    for (const tool of ["slack", "teams"]) {
      const known = this.peopleIn(tool).map((person) => person[tool]);
      const wanted = said.get(tool);
      this.who[tool] = known.includes(wanted) ? wanted : this.who[tool] || this.firstOf(tool);
      this.at[tool] = said.get(`${tool}-at`) ?? this.at[tool];
    }
  }

  firstOf(tool) {
    const inTool = this.peopleIn(tool);
    const only = inTool.filter((person) => !person[tool === "slack" ? "teams" : "slack"]);
    const first = tool === "slack" ? inTool.find((person) => person.role === "coordinator") : only[0];
    return (first ?? inTool[0])?.[tool] ?? "";
  }

  /** The members who have an account in this tool. */
  peopleIn(tool) {
    return this.people.filter((person) => person[tool]);
  }

  /** Become someone else in a tool. */
  choose(tool, key) {
    this.who[tool] = key;
    this.at[tool] = "";
    this.writeHash();
    return this.refresh();
  }

  /** Look at another conversation in a tool. */
  goTo(tool, conversation) {
    this.at[tool] = conversation;
    this.writeHash();
    this.tell();
  }

  writeHash() {
    const hash = new URLSearchParams();
    for (const tool of ["slack", "teams"]) {
      if (this.who[tool]) hash.set(tool, this.who[tool]);
      if (this.at[tool]) hash.set(`${tool}-at`, this.at[tool]);
    }
    history.replaceState(null, "", `#${hash}`);
  }

  /** Call `listener` after each change. */
  onChange(listener) {
    this.listeners.push(listener);
  }

  tell() {
    for (const listener of this.listeners) listener(this.state);
  }

  /** Fetch the state once more; calls while one is under way share the next. */
  async refresh() {
    this.stale = true;
    if (this.fetching) return;
    this.fetching = true;
    try {
      while (this.stale) {
        this.stale = false;
        const response = await fetch(`/demo/state?${new URLSearchParams(this.who)}`);
        if (response.ok) this.state = { ...(await response.json()), received: Date.now() };
      }
    } catch {
      /* the event stream says that we are disconnected, and refreshes when it is back */
    } finally {
      this.fetching = false;
    }
    this.tell();
  }

  /** Follow the server's changes; `live` is told whether the stream stands. */
  follow(live) {
    const source = new EventSource("/demo/changes?after=-1");
    source.onopen = () => live(true);
    source.onerror = () => live(false);
    source.onmessage = () => this.refresh();
  }
}

/** Which conversations hold something that was not looked at. */
export class Unread {
  constructor() {
    this.seen = null;
    this.of = "";
  }

  /** Take note of a snapshot: what was there when we became `who`, or stands in `active`, counts as read. */
  note(who, lastOf, active) {
    if (this.of !== who) this.seen = null;
    this.of = who;
    this.seen ??= new Map(Object.entries(lastOf));
    if (active) this.seen.set(active, lastOf[active]);
    return (id) => lastOf[id] !== undefined && this.seen.get(id) !== lastOf[id];
  }
}
