/**
 * Redrawing without getting into anyone's way: what did not change stays the same node, and what did
 * change takes over half-typed text, opened parts and the focus from the node it replaces.
 */

import { signature } from "./dom.js";

const drawn = new WeakMap();

document.addEventListener(
  "input",
  (event) => {
    if (event.target.dataset) event.target.dataset.touched = "yes";
  },
  true,
);

/**
 * Make `parent` hold one node for each item, in order.
 * keyOf: the item's lasting name. draw: the item's node. A node that is redrawn gets the class `changed`.
 * Returns the number of items that were not there before.
 */
export function fill(parent, items, keyOf, draw) {
  const before = drawn.get(parent) ?? new Map();
  const after = new Map();
  let added = 0;
  let spot = parent.firstChild;
  for (const item of items) {
    const key = keyOf(item);
    const sign = signature(item);
    const old = before.get(key);
    before.delete(key);
    let node = old?.node;
    if (!old) added += 1;
    if (!old || old.sign !== sign) {
      node = draw(item);
      if (old) spot = swap(old.node, node, spot);
    }
    if (node === spot) spot = spot.nextSibling;
    else parent.insertBefore(node, spot);
    after.set(key, { node, sign });
  }
  for (const { node } of before.values()) node.remove();
  drawn.set(parent, after);
  return added;
}

/** Forget what `parent` holds, so that the next `fill` draws everything anew. */
export function forget(parent) {
  drawn.delete(parent);
  parent.replaceChildren();
}

function swap(old, node, spot) {
  const next = spot === old ? node : spot;
  replaceKept(old, node);
  node.classList.add("changed");
  return next;
}

/** Put `node` where `old` stands, carrying over what a person had begun to do in it. */
export function replaceKept(old, node) {
  const focus = old.contains(document.activeElement) ? document.activeElement : null;
  const range = focus && "selectionStart" in focus ? [focus.selectionStart, focus.selectionEnd] : null;
  carryOpened(old, node);
  carryControls(old, node);
  old.replaceWith(node);
  if (!focus) return;
  const twin = twinOf(focus, node);
  twin?.focus({ preventScroll: true });
  if (twin && range && range[0] !== null) twin.setSelectionRange(...range);
}

function carryControls(old, node) {
  for (const control of old.querySelectorAll("[data-field][data-touched], [data-field]:checked")) {
    const twin = twinOf(control, node);
    if (!twin || !isTouched(control, old)) continue;
    if (control.type === "checkbox" || control.type === "radio") copyGroup(control, old, node);
    else twin.value = control.value;
    twin.dataset.touched = "yes";
  }
}

function isTouched(control, old) {
  const group = old.querySelectorAll(`[data-field="${CSS.escape(control.dataset.field)}"][data-touched]`);
  return group.length > 0;
}

function copyGroup(control, old, node) {
  for (const each of old.querySelectorAll(`[data-field="${CSS.escape(control.dataset.field)}"]`)) {
    const twin = twinOf(each, node);
    if (twin) twin.checked = each.checked;
  }
}

function carryOpened(old, node) {
  for (const opener of old.querySelectorAll("[aria-expanded=true][data-label]:not([aria-haspopup])")) {
    node.querySelector(`[aria-expanded=false][data-label="${CSS.escape(opener.dataset.label)}"]`)?.click();
  }
  for (const part of old.querySelectorAll("[data-part][data-turned]")) {
    const twin = node.querySelector(`[data-part="${CSS.escape(part.dataset.part)}"]`);
    if (!twin) continue;
    twin.hidden = part.hidden;
    twin.dataset.turned = "yes";
  }
}

function twinOf(control, node) {
  const { field, label } = control.dataset;
  if (field !== undefined) {
    const found = [...node.querySelectorAll(`[data-field="${CSS.escape(field)}"]`)];
    const grouped = control.type === "checkbox" || control.type === "radio";
    return grouped ? found.find((each) => each.value === control.value) : found[0];
  }
  return label === undefined ? null : node.querySelector(`[data-label="${CSS.escape(label)}"]`);
}

/** Run `change` and stay at the bottom of `scroller` when one was there, else where one was. */
export function keepingPlace(scroller, change) {
  const atBottom = scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < 48;
  const place = scroller.scrollTop;
  change();
  scroller.scrollTop = atBottom ? scroller.scrollHeight : place;
}
