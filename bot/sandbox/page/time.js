/** Moments as people read them, in the demo's time zone (a chat tool's profile zone), whatever the browser's is. */

let zone = "Europe/London";

/** Use this IANA zone from now on. */
export function useZone(name) {
  if (name) zone = name;
}

function format(moment, options) {
  return new Intl.DateTimeFormat("en-GB", { timeZone: zone, ...options }).format(moment);
}

/** A Date from ISO text, or from seconds as a number or as text such as a Slack ts. */
export function moment(value) {
  const text = String(value ?? "");
  return /^\d+(\.\d+)?$/.test(text) ? new Date(Number(text) * 1000) : new Date(text);
}

/** "Fri 4 Dec 2026, 17:00". */
export function faceOf(date) {
  const day = format(date, { weekday: "short", day: "numeric", month: "short", year: "numeric" });
  return `${day.replace(",", "")}, ${clockTime(date)}`;
}

/** "17:00". */
export function clockTime(date) {
  return Number.isNaN(date.getTime())
    ? ""
    : format(date, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
}

/** "Friday 4 December", to divide days. */
export function dayName(date) {
  if (Number.isNaN(date.getTime())) return "";
  return format(date, { weekday: "long", day: "numeric", month: "long" }).replace(",", "");
}

/** Slack's `<!date^seconds^pattern>` filled in. */
export function fillPattern(seconds, pattern) {
  const date = new Date(Number(seconds) * 1000);
  if (Number.isNaN(date.getTime())) return null;
  const long = { weekday: "long", day: "numeric", month: "long", year: "numeric" };
  const middle = { day: "numeric", month: "long", year: "numeric" };
  const short = { day: "numeric", month: "short", year: "numeric" };
  const shapes = {
    date: middle,
    date_pretty: middle,
    date_long: long,
    date_long_pretty: long,
    date_long_full: long,
    date_short: short,
    date_short_pretty: short,
    date_num: { year: "numeric", month: "2-digit", day: "2-digit" },
    date_slash: { year: "numeric", month: "2-digit", day: "2-digit" },
    day_divider_pretty: { weekday: "long", day: "numeric", month: "long" },
  };
  return pattern.replace(/\{(\w+)\}/g, (whole, name) => {
    if (name === "time") return clockTime(date);
    if (name === "time_secs") return format(date, { timeStyle: "medium" });
    return shapes[name] ? format(date, shapes[name]) : whole;
  });
}

/** Adaptive Cards' `{{DATE(…, SHORT|LONG|COMPACT)}}` and `{{TIME(…)}}` filled in. */
export function fillFunctions(text) {
  const shapes = {
    COMPACT: { day: "numeric", month: "numeric", year: "numeric" },
    SHORT: { weekday: "short", day: "numeric", month: "short", year: "numeric" },
    LONG: { weekday: "long", day: "numeric", month: "long", year: "numeric" },
  };
  return text.replace(/\{\{(DATE|TIME)\(([^,)]+)(?:,\s*(\w+))?\)\}\}/g, (whole, kind, iso, shape) => {
    const date = new Date(iso.trim());
    if (Number.isNaN(date.getTime())) return whole;
    return kind === "TIME" ? clockTime(date) : format(date, shapes[shape] ?? shapes.COMPACT);
  });
}

/** Seconds since 1970 of a wall time "2026-12-04T17:00" in the demo's zone. */
export function secondsOfWall(wall) {
  const asUtc = Date.parse(`${wall.slice(0, 16)}:00Z`);
  if (Number.isNaN(asUtc)) return null;
  let guess = asUtc;
  for (let round = 0; round < 2; round += 1)
    guess = asUtc - (Date.parse(`${wallOf(guess / 1000)}:00Z`) - guess);
  return Math.round(guess / 1000);
}

/** The wall time "2026-12-04T17:00" in the demo's zone of seconds since 1970. */
export function wallOf(seconds) {
  const date = new Date(seconds * 1000);
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(date);
  const get = (type) => parts.find((part) => part.type === type).value;
  return `${get("year").padStart(4, "0")}-${get("month")}-${get("day")}T${get("hour")}:${get("minute")}`;
}
