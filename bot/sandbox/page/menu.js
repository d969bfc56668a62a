/** A small menu that hangs from a button: arrow keys, Escape, and a click elsewhere closes it. */

import { el } from "./dom.js";

let open = null;

/** Close the menu that is open, if any; the focus goes back to its button. */
export function closeMenu(returnFocus = false) {
  if (!open) return;
  const { menu, anchor } = open;
  open = null;
  menu.remove();
  anchor.setAttribute("aria-expanded", "false");
  if (returnFocus) anchor.focus();
}

/** Close the menu that is open inside `part` of the page, if any. */
export function closeMenuIn(part) {
  if (open && part.contains(open.menu)) closeMenu();
}

/** Open a menu under (or, without room, above) `anchor`; items are { label, note, choose }. */
export function openMenu(anchor, items) {
  const again = open?.anchor === anchor;
  closeMenu();
  if (again || items.length === 0) return;
  const menu = el("div.menu", { role: "menu" }, ...items.map(entry));
  anchor.closest(".window").append(menu);
  anchor.setAttribute("aria-expanded", "true");
  place(menu, anchor);
  open = { menu, anchor };
  menu.firstChild.focus();
  menu.addEventListener("keydown", (event) => move(event, menu));
}

function entry(item) {
  const choose = () => {
    closeMenu(true);
    item.choose();
  };
  const data = { label: item.label, actionTitle: item.label };
  return el(
    "button",
    { type: "button", role: "menuitem", data, on: { click: choose } },
    item.label,
    item.note ? el("small", {}, item.note) : null,
  );
}

function place(menu, anchor) {
  const room = menu.offsetParent.getBoundingClientRect();
  const spot = anchor.getBoundingClientRect();
  const left = Math.max(8, Math.min(spot.left - room.left, room.width - menu.offsetWidth - 8));
  const below = spot.bottom - room.top + 4;
  const fits = below + menu.offsetHeight < room.height - 8;
  menu.style.left = `${left}px`;
  menu.style.top = `${fits ? below : Math.max(8, spot.top - room.top - menu.offsetHeight - 4)}px`;
}

function move(event, menu) {
  const all = [...menu.children];
  const at = all.indexOf(document.activeElement);
  const steps = { ArrowDown: 1, ArrowUp: -1 };
  if (event.key in steps) {
    event.preventDefault();
    all[(at + steps[event.key] + all.length) % all.length].focus();
  } else if (event.key === "Escape" || event.key === "Tab") {
    event.stopPropagation();
    closeMenu(true);
  }
}

document.addEventListener("pointerdown", (event) => {
  if (open && !open.menu.contains(event.target) && !open.anchor.contains(event.target)) closeMenu();
});
