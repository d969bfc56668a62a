/** Slack's modals and its small confirmation dialogs, over the Slack pane. */

import { el, freshId, icon } from "./dom.js";
import { closesOnEscape, layOver } from "./frame.js";
import { drawBlocks } from "./slack-blocks.js";
import { isEmpty, plainValue, readElement } from "./slack-elements.js";
import { textObject, words } from "./slack-text.js";

const MISSING = "Please complete this required field.";

/** A modal; `does` holds submit(values) and close(). */
export function drawModal(view, host, does) {
  const title = freshId("title");
  const label = words(view.submit);
  const form = el("form.modal-body", { novalidate: true }, ...drawBlocks(view.blocks, host));
  const submit = label
    ? el("button.bk-button.primary.send", { type: "submit", data: { label, actionTitle: label } }, label)
    : null;
  const cancel = words(view.close) || (label ? "Cancel" : "Close");
  const modal = el(
    "div.dialog",
    { role: "dialog", "aria-labelledby": title, tabindex: "-1", data: { dialog: "slack" } },
    el(
      "header.dialog-head",
      {},
      el("h3", { id: title }, words(view.title)),
      el(
        "button.dialog-close",
        { type: "button", "aria-label": "Close", data: { label: "Close dialog" }, on: { click: does.close } },
        icon("close"),
      ),
    ),
    form,
    el(
      "footer.dialog-foot",
      {},
      el(
        "button.bk-button",
        { type: "button", data: { label: cancel, actionTitle: cancel }, on: { click: does.close } },
        cancel,
      ),
      submit,
    ),
  );
  const send = async (event) => {
    event?.preventDefault();
    delete modal.dataset.errors;
    const values = valuesOf(view, form);
    const missing = missingOf(view, values);
    if (Object.keys(missing).length) return showErrors(modal, missing, true);
    if (submit) submit.disabled = true;
    await does.submit(
      Object.fromEntries(Object.entries(values).map(([name, state]) => [name, plainValue(state)])),
    );
    if (submit) submit.disabled = false;
  };
  form.addEventListener("submit", send);
  submit?.addEventListener("click", send);
  form.addEventListener("input", (event) => clearError(event.target));
  closesOnEscape(modal, does.close);
  return modal;
}

function valuesOf(view, form) {
  const values = {};
  for (const block of view.blocks) {
    if (block.type !== "input") continue;
    values[block.block_id] = readElement(block.element, block.block_id, form);
  }
  return values;
}

function missingOf(view, values) {
  const missing = {};
  for (const block of view.blocks) {
    if (block.type !== "input" || block.optional) continue;
    if (isEmpty(values[block.block_id])) missing[block.block_id] = MISSING;
  }
  return missing;
}

/** Write errors at their fields. The same errors aren't written twice, so that typing may clear them. */
export function showErrors(modal, errors, local = false) {
  const sign = JSON.stringify(errors);
  if (!local) {
    if ((modal.dataset.errors ?? "{}") === sign) return;
    modal.dataset.errors = sign;
  }
  let first = null;
  for (const place of modal.querySelectorAll("[data-error-for]")) {
    const said = errors[place.dataset.errorFor] ?? "";
    place.textContent = said;
    const around = place.closest("[data-input-block]");
    around.classList.toggle("wrong", Boolean(said));
    const control = around.querySelector("[data-field]");
    control?.toggleAttribute("aria-invalid", Boolean(said));
    if (said) first ??= control;
  }
  first?.focus();
}

function clearError(control) {
  const around = control.closest("[data-input-block]");
  if (!around?.classList.contains("wrong")) return;
  around.classList.remove("wrong");
  around.querySelector(".field-error").textContent = "";
}

/** Ask before an action, as its `confirm` object says. */
export function openConfirm(pane, question, then) {
  const title = freshId("title");
  const back = document.activeElement;
  const close = () => {
    dialog.remove();
    pane.confirming = false;
    pane.renderModal(pane.snapshot.modal);
    back?.focus();
  };
  const yes = words(question.confirm) || "Yes";
  const no = words(question.deny) || "Cancel";
  const agree = () => {
    close();
    then();
  };
  const tone = question.style === "danger" ? "danger solid" : "primary";
  const dialog = el(
    "div.dialog.small",
    { role: "alertdialog", "aria-labelledby": title, tabindex: "-1", data: { dialog: "slack-confirm" } },
    el("header.dialog-head", {}, el("h3", { id: title }, words(question.title))),
    el("div.modal-body", {}, el("p", {}, ...textObject(question.text))),
    el(
      "footer.dialog-foot",
      {},
      el(
        "button.bk-button",
        { type: "button", data: { label: no, actionTitle: no }, on: { click: close } },
        no,
      ),
      el(
        `button.bk-button.send.${tone.replace(" ", ".")}`,
        { type: "button", data: { label: yes, actionTitle: yes }, on: { click: agree } },
        yes,
      ),
    ),
  );
  closesOnEscape(dialog, close);
  pane.confirming = true;
  pane.parts.layer.append(dialog);
  layOver(pane.parts, dialog, pane.area);
}
