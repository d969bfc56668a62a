/**
 * Block Kit's interactive elements, and the values that people put into them.
 *
 * Every control carries `data-field` (its block_id) so that values are read from the page when they are needed.
 */

import { el, freshId } from "./dom.js";
import { textObject, words } from "./slack-text.js";
import { secondsOfWall, wallOf } from "./time.js";
import { openMenu } from "./menu.js";

const PLACEHOLDER = "Choose an option";

/** A button, menu or picker outside a form: using it tells the app at once. */
export function actionElement(element, block, host) {
  if (element.type === "button" || element.type === "workflow_button") return button(element, block, host);
  if (element.type === "overflow") return overflow(element, block, host);
  const control = controlFor(element, block.block_id, null);
  if (!control) return el("em.bk-unknown", {}, `A “${element.type}” element, which this page can't draw.`);
  control.addEventListener("change", () => {
    const send = () =>
      host.act(block, element, {
        state: readElement(element, block.block_id, control.parentNode ?? control),
      });
    ask(element, host, send);
  });
  const label = words(element.placeholder) || "Choice";
  for (const each of fieldsIn(control)) each.setAttribute("aria-label", label);
  return control;
}

function button(element, block, host) {
  const label = words(element.text);
  const style = element.style === "primary" || element.style === "danger" ? `.${element.style}` : "";
  const data = { label, actionTitle: label, actionId: element.action_id };
  const name = element.accessibility_label ?? null;
  const click = () => {
    if (element.url) window.open(safe(element.url), "_blank", "noopener,noreferrer");
    ask(element, host, () => host.act(block, element, {}));
  };
  return el(`button.bk-button${style}`, { type: "button", data, "aria-label": name, on: { click } }, label);
}

function safe(url) {
  return /^https?:\/\//i.test(url) ? url : "about:blank";
}

function overflow(element, block, host) {
  const data = { label: "More actions", actionTitle: "More actions" };
  const node = el(
    "button.bk-button.bk-overflow",
    { type: "button", data, "aria-label": "More actions", "aria-haspopup": "menu" },
    "⋯",
  );
  node.addEventListener("click", () => {
    openMenu(
      node,
      element.options.map((option) => ({
        label: words(option.text),
        choose: () =>
          ask(element, host, () =>
            host.act(block, element, { state: { type: "overflow", selected_option: option } }),
          ),
      })),
    );
  });
  return node;
}

function ask(element, host, send) {
  if (element.confirm) host.confirm(element.confirm, send);
  else send();
}

/** A form field: label, control, hint and the place for its error. */
export function inputBlock(block, host) {
  const id = freshId("field");
  const element = block.element;
  const control =
    controlFor(element, block.block_id, id) ?? el("em.bk-unknown", {}, `A “${element.type}” element.`);
  const grouped =
    element.type === "radio_buttons" ||
    element.type === "checkboxes" ||
    element.type === "multi_static_select";
  const label = [words(block.label), block.optional ? el("span.optional", {}, " (optional)") : null];
  const errorId = freshId("error");
  if (block.dispatch_action) {
    const send = () => host.act(block, element, { state: readElement(element, block.block_id, control) });
    control.addEventListener("change", send);
  }
  for (const each of fieldsIn(control)) each.setAttribute("aria-describedby", errorId);
  return el(
    grouped ? "fieldset.bk-input" : "div.bk-input",
    { data: { inputBlock: block.block_id } },
    grouped ? el("legend", {}, ...label) : el("label", { for: id }, ...label),
    control,
    block.hint ? el("p.hint", {}, words(block.hint)) : null,
    el("p.field-error", { id: errorId, role: "alert", data: { errorFor: block.block_id } }),
  );
}

function fieldsIn(control) {
  return control.matches("[data-field]") ? [control] : [...control.querySelectorAll("[data-field]")];
}

function controlFor(element, field, id) {
  const shared = { id, data: { field, actionId: element.action_id }, "aria-required": null };
  const hint = words(element.placeholder) || null;
  switch (element.type) {
    case "plain_text_input":
    case "email_text_input":
    case "url_text_input": {
      const limits = { maxlength: element.max_length, minlength: element.min_length, placeholder: hint };
      const value = element.initial_value ?? "";
      if (element.multiline) return el("textarea", { ...shared, ...limits, rows: 4, value });
      return el("input", { ...shared, ...limits, type: "text", value });
    }
    case "number_input":
      return el("input", {
        ...shared,
        type: "number",
        min: element.min_value,
        max: element.max_value,
        placeholder: hint,
        step: element.is_decimal_allowed ? "any" : "1",
        value: element.initial_value ?? "",
      });
    case "datepicker":
      return el("input", { ...shared, type: "date", value: element.initial_date ?? "" });
    case "timepicker":
      return el("input", { ...shared, type: "time", value: element.initial_time ?? "" });
    case "datetimepicker":
      return el("input", {
        ...shared,
        type: "datetime-local",
        value: element.initial_date_time ? wallOf(element.initial_date_time) : "",
      });
    case "static_select":
      return select(element, shared, hint);
    case "radio_buttons":
      return choices(element, shared, "radio", element.initial_option ? [element.initial_option] : []);
    case "checkboxes":
      return choices(element, shared, "checkbox", element.initial_options ?? []);
    case "multi_static_select": {
      const list = choices(
        { ...element, options: optionsOf(element) },
        shared,
        "checkbox",
        element.initial_options ?? [],
      );
      list.classList.add("boxed");
      return list;
    }
    default:
      return null;
  }
}

function select(element, shared, hint) {
  const chosen = element.initial_option?.value;
  const asOption = (option) =>
    el("option", { value: option.value, selected: option.value === chosen }, words(option.text));
  const groups = (element.option_groups ?? []).map((group) =>
    el("optgroup", { label: words(group.label) }, ...group.options.map(asOption)),
  );
  const first = el("option", { value: "", selected: chosen === undefined }, hint ?? PLACEHOLDER);
  return el("select", shared, first, ...groups, ...(element.options ?? []).map(asOption));
}

function choices(element, shared, type, initial) {
  const name = freshId("group");
  const chosen = new Set(initial.map((option) => option.value));
  const rows = element.options.map((option) => {
    const box = el("input", {
      data: shared.data,
      type,
      name,
      value: option.value,
      checked: chosen.has(option.value),
    });
    const described = option.description ? el("small", {}, ...textObject(option.description)) : null;
    return el("label.choice", {}, box, el("span", {}, ...textObject(option.text), described));
  });
  return el("div.choices", { id: shared.id }, ...rows);
}

function optionsOf(element) {
  return element.options ?? (element.option_groups ?? []).flatMap((group) => group.options);
}

/** What stands in an element now, in the shape of Slack's `state.values`; `root` holds its controls. */
export function readElement(element, field, root) {
  const marker = `[data-field="${CSS.escape(field)}"][data-action-id="${CSS.escape(element.action_id)}"]`;
  const controls = root.matches?.(marker) ? [root] : [...root.querySelectorAll(marker)];
  const value = controls[0]?.value || null;
  const picked = (wanted) => optionsOf(element).filter((option) => wanted.includes(option.value));
  const ticked = controls.filter((control) => control.checked).map((control) => control.value);
  switch (element.type) {
    case "datepicker":
      return { type: element.type, selected_date: value };
    case "timepicker":
      return { type: element.type, selected_time: value };
    case "datetimepicker":
      return { type: element.type, selected_date_time: value ? secondsOfWall(value) : null };
    case "static_select":
      return { type: element.type, selected_option: picked([value])[0] ?? null };
    case "radio_buttons":
      return { type: element.type, selected_option: picked(ticked)[0] ?? null };
    case "checkboxes":
    case "multi_static_select":
      return { type: element.type, selected_options: picked(ticked) };
    default:
      return { type: element.type, value };
  }
}

/** The bare value in an element's state: text, seconds, an option's value or several, null for nothing. */
export function plainValue(state) {
  if (state.selected_options) return state.selected_options.map((option) => option.value);
  if ("selected_option" in state) return state.selected_option?.value ?? null;
  return state.selected_date ?? state.selected_time ?? state.selected_date_time ?? state.value ?? null;
}

/** Whether an element's state says nothing yet. */
export function isEmpty(state) {
  const { type, ...rest } = state;
  return Object.values(rest).every(
    (value) => value === null || value === undefined || value === "" || value.length === 0,
  );
}
