/** What both panes share: the title bar with "who am I", the window, its layer for dialogs and its toasts. */

import { el, freshId, signature } from "./dom.js";
import { closeMenuIn } from "./menu.js";

/** Build a pane's frame; returns its parts. `content` is the tool's own nodes. */
export function frame(root, tool, title, session, content) {
  const id = freshId("who");
  const select = el("select", { id, data: { who: tool } });
  select.addEventListener("change", () => session.choose(tool, select.value));
  const bar = el("div.bar", {}, el("span.bar-tool", {}, title), el("label", { for: id }, "You are"), select);
  const layer = el("div.layer", { data: { layer: tool } });
  const toasts = el("div.toasts", { role: "alert", data: { toasts: tool } });
  const body = el("div.body", {}, ...content);
  const windowNode = el(`div.window.${tool}-window`, {}, body, layer, toasts);
  root.append(bar, windowNode);
  const toast = (text, kind) => showToast(toasts, text, kind);
  return { bar, select, body, layer, toast, window: windowNode };
}

/** List the members who have this tool; a list that is unchanged is left alone. */
export function listPeople(select, session, tool) {
  const people = session.peopleIn(tool);
  const sign = signature(people);
  if (select.dataset.sign !== sign) {
    const options = people.map((person) =>
      el("option", { value: person[tool] }, `${person.name} · ${person.role}, ${person.organisation}`),
    );
    select.replaceChildren(...options);
    select.dataset.sign = sign;
  }
  select.value = session.who[tool];
}

const TOAST_SECONDS = 6;

function showToast(toasts, text, kind = "problem") {
  const close = el("button", { type: "button", "aria-label": "Dismiss" }, "×");
  const node = el(`div.toast.${kind}`, {}, el("span", {}, text), close);
  close.addEventListener("click", () => node.remove());
  while (toasts.children.length >= 3) toasts.firstChild.remove();
  toasts.append(node);
  setTimeout(() => node.remove(), TOAST_SECONDS * 1000);
}

/** While a dialog stands, what is behind it can't be reached; `reach` gets the focus when the last one goes. */
export function layOver(parts, dialog, reach) {
  const had = parts.body.inert;
  if (dialog && !had) closeMenuIn(parts.window);
  parts.body.inert = Boolean(dialog);
  parts.layer.classList.toggle("open", Boolean(dialog));
  if (dialog && !dialog.contains(document.activeElement) && !dialog.dataset.greeted) {
    dialog.dataset.greeted = "yes";
    const first =
      dialog.querySelector("[data-field]:not([type=checkbox]):not([type=radio])") ??
      dialog.querySelector("button.send") ??
      dialog;
    first.focus({ preventScroll: true });
  }
  if (had && !dialog && (document.activeElement === document.body || !document.activeElement)) reach?.focus();
}

/** Escape closes a dialog. */
export function closesOnEscape(dialog, close) {
  dialog.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    event.stopPropagation();
    close();
  });
}

/** A composer: Enter sends, Shift+Enter makes a new line, and it grows with its text. */
export function composer(placeholder, tool, send) {
  const area = el("textarea", { rows: 1, placeholder, "aria-label": placeholder, data: { composer: tool } });
  const fit = () => {
    area.style.height = "auto";
    area.style.height = `${Math.min(area.scrollHeight, 140)}px`;
  };
  const submit = async () => {
    const text = area.value.trim();
    if (!text) return;
    area.value = "";
    area.dispatchEvent(new Event("input"));
    if (!(await send(text)) && !area.value) {
      area.value = text;
      area.dispatchEvent(new Event("input"));
    }
  };
  area.addEventListener("input", fit);
  area.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  });
  return { area, submit };
}
