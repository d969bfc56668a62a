/** The inputs of an Adaptive Card: drawn with label, required mark and error, read, and checked as Teams does. */

import { el, freshId } from "./dom.js";
import { inline } from "./markdown.js";

const rules = new WeakMap();

/** Any `Input.*` element. */
export function drawInput(element) {
  const id = freshId("input");
  const errorId = freshId("error");
  const grouped =
    element.type === "Input.ChoiceSet" && (element.style === "expanded" || element.isMultiSelect);
  const required = element.isRequired ? el("span.required", { "aria-hidden": "true" }, " *") : null;
  const control = controlFor(element, id, grouped);
  for (const each of fieldsIn(control)) each.setAttribute("aria-describedby", errorId);
  if (!grouped && element.isRequired)
    control.querySelector?.("[data-field]")?.setAttribute("aria-required", "true");
  const label =
    element.label && element.type !== "Input.Toggle" ? [...inline(element.label), required] : null;
  const node = el(
    grouped ? "fieldset.ac-input" : "div.ac-input",
    { data: { input: element.id, kind: element.type } },
    label ? (grouped ? el("legend", {}, ...label) : el("label", { for: id }, ...label)) : null,
    control,
    el("p.field-error", { id: errorId, role: "alert", data: { errorFor: element.id } }),
  );
  rules.set(node, element);
  node.addEventListener("input", () => say(node, ""));
  return node;
}

function fieldsIn(control) {
  return control.matches("[data-field]") ? [control] : [...control.querySelectorAll("[data-field]")];
}

function controlFor(element, id, grouped) {
  const shared = { id, data: { field: element.id }, placeholder: element.placeholder };
  const value = element.value ?? "";
  switch (element.type) {
    case "Input.Text": {
      const limits = { maxlength: element.maxLength };
      if (element.isMultiline) return el("textarea", { ...shared, ...limits, rows: 4, value });
      const types = { email: "email", url: "url", tel: "tel", password: "password" };
      return el("input", { ...shared, ...limits, type: types[word(element.style)] ?? "text", value });
    }
    case "Input.Number":
      return el("input", {
        ...shared,
        type: "number",
        min: element.min,
        max: element.max,
        step: "any",
        value: String(value),
      });
    case "Input.Date":
      return el("input", { ...shared, type: "date", min: element.min, max: element.max, value });
    case "Input.Time":
      return el("input", { ...shared, type: "time", min: element.min, max: element.max, value });
    case "Input.Toggle":
      return toggle(element, shared);
    case "Input.ChoiceSet":
      return grouped ? choices(element) : select(element, shared);
    default:
      return el("em.ac-unknown", {}, `An “${element.type}”, which this page can't draw.`);
  }
}

function word(value) {
  return String(value ?? "").toLowerCase();
}

function toggle(element, shared) {
  const on = element.valueOn ?? "true";
  const box = el("input", { ...shared, type: "checkbox", value: on, checked: element.value === on });
  const mark = element.isRequired ? el("span.required", { "aria-hidden": "true" }, " *") : null;
  const label = element.label ? el("b", {}, element.label, " ") : null;
  return el("label.choice", {}, box, el("span", {}, label, ...inline(element.title ?? ""), mark));
}

function select(element, shared) {
  const first = el("option", { value: "", selected: !element.value }, element.placeholder ?? "Choose");
  const rest = (element.choices ?? []).map((choice) =>
    el("option", { value: choice.value, selected: choice.value === element.value }, choice.title),
  );
  return el("select", { id: shared.id, data: shared.data }, first, ...rest);
}

function choices(element) {
  const chosen = String(element.value ?? "").split(",");
  const name = freshId("choices");
  const type = element.isMultiSelect ? "checkbox" : "radio";
  const rows = (element.choices ?? []).map((choice) => {
    const box = el("input", {
      type,
      name,
      data: { field: element.id },
      value: choice.value,
      checked: chosen.includes(choice.value),
    });
    return el("label.choice", {}, box, el("span", {}, ...inline(choice.title)));
  });
  return el(`div.choices${rows.length > 8 ? ".boxed" : ""}`, {}, ...rows);
}

function valueOf(node) {
  const element = rules.get(node);
  const fields = [...node.querySelectorAll("[data-field]")];
  if (element.type === "Input.Toggle")
    return fields[0].checked ? (element.valueOn ?? "true") : (element.valueOff ?? "false");
  if (fields[0]?.type === "checkbox" || fields[0]?.type === "radio") {
    return fields
      .filter((field) => field.checked)
      .map((field) => field.value)
      .join(",");
  }
  return fields[0]?.value ?? "";
}

/** The inputs that a card sends: its own and those of the cards it unfolds from, but none that is hidden. */
function inputsOf(root) {
  const cards = [];
  for (let card = root; card; card = card.parentElement?.closest(".ac-card")) cards.push(card);
  const all = [...cards.at(-1).querySelectorAll("[data-input]")];
  return all.filter((node) => cards.includes(node.closest(".ac-card")) && !node.closest("[hidden]"));
}

/** What a card's inputs hold, by id, as text: several choices are joined by commas, as Teams does. */
export function readInputs(root) {
  return Object.fromEntries(inputsOf(root).map((node) => [node.dataset.input, valueOf(node)]));
}

/** Check a card's inputs; what is wrong is said at its field, and the first gets the focus. */
export function checkInputs(root) {
  const problems = {};
  for (const node of inputsOf(root)) problems[node.dataset.input] = problemOf(node);
  return showProblems(root, problems);
}

/** Say at each input what is wrong with it (by id; empty for nothing). Returns whether all is well. */
export function showProblems(root, problems) {
  let first = null;
  for (const node of inputsOf(root)) {
    const problem = problems[node.dataset.input] ?? "";
    say(node, problem);
    if (problem) first ??= node.querySelector("[data-field]");
  }
  first?.focus();
  return first === null;
}

function problemOf(node) {
  const { isRequired, errorMessage, regex, min, max, type, valueOff } = rules.get(node);
  const value = valueOf(node);
  const said = errorMessage || "Please check this field.";
  const blank = type === "Input.Toggle" ? value === (valueOff ?? "false") : !value.trim();
  if (blank) return isRequired ? errorMessage || "This field is needed." : "";
  if (regex && !matches(regex, value)) return said;
  if (type === "Input.Number") {
    const number = Number(value);
    return Number.isNaN(number) || number < (min ?? -Infinity) || number > (max ?? Infinity) ? said : "";
  }
  const bounded = type === "Input.Date" || type === "Input.Time";
  return bounded && ((min && value < min) || (max && value > max)) ? said : "";
}

function matches(regex, value) {
  try {
    return new RegExp(regex).test(value);
  } catch {
    return true;
  }
}

function say(node, problem) {
  node.classList.toggle("wrong", Boolean(problem));
  node.querySelector(".field-error").textContent = problem;
  for (const field of node.querySelectorAll("[data-field]"))
    field.toggleAttribute("aria-invalid", Boolean(problem));
}
