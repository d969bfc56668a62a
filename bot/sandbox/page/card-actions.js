/** The actions of an Adaptive Card: Execute, Submit, OpenUrl, ShowCard, ToggleVisibility, and "…" for secondary ones. */

import { checkInputs, readInputs, showProblems } from "./card-inputs.js";
import { el } from "./dom.js";
import { openMenu } from "./menu.js";

const MOST_SHOWN = 6;

/** A row of actions; a card that an action opens stands under the row. */
export function actionSet(actions, scene, drawCard) {
  const row = el("div.ac-actions");
  const below = el("div.ac-shown");
  const primary = actions.filter((action) => action.mode !== "secondary");
  const hidden = [...primary.slice(MOST_SHOWN), ...actions.filter((action) => action.mode === "secondary")];
  for (const action of primary.slice(0, MOST_SHOWN)) row.append(button(action, scene, below, drawCard));
  if (hidden.length) row.append(moreButton(hidden, scene, below, drawCard));
  return el("div.ac-action-set", {}, row, below);
}

function button(action, scene, below, drawCard) {
  const label = action.title ?? "";
  const style = ["positive", "destructive"].includes(action.style) ? `.${action.style}` : "";
  const data = { label, actionTitle: label, verb: action.verb };
  const node = el(
    `button.ac-button${style}`,
    { type: "button", data, title: action.tooltip, disabled: action.isEnabled === false },
    label,
  );
  if (action.type === "Action.ShowCard") node.setAttribute("aria-expanded", "false");
  node.addEventListener("click", () => run(action, scene, below, drawCard, node));
  return node;
}

function moreButton(hidden, scene, below, drawCard) {
  const label = "More actions";
  const node = el(
    "button.ac-button.more",
    { type: "button", data: { label, actionTitle: label }, "aria-label": label, "aria-haspopup": "menu" },
    "⋯",
  );
  node.addEventListener("click", () => {
    openMenu(
      node,
      hidden.map((action) => ({
        label: action.title ?? "",
        choose: () => run(action, scene, below, drawCard, null),
      })),
    );
  });
  return node;
}

async function run(action, scene, below, drawCard, node) {
  if (action.type === "Action.OpenUrl") return void openUrl(action.url);
  if (action.type === "Action.ToggleVisibility") return toggle(action, scene.root);
  if (action.type === "Action.ShowCard") return showCard(action, scene, below, drawCard, node);
  if (action.type !== "Action.Execute" && action.type !== "Action.Submit") {
    if (action.fallback && action.fallback !== "drop") run(action.fallback, scene, below, drawCard, node);
    return;
  }
  const wanted = (action.associatedInputs ?? "auto").toLowerCase() !== "none";
  if (wanted && !checkInputs(scene.root)) return;
  if (node) node.disabled = true;
  const answer = await scene.host.act(pathTo(scene.card, action), wanted ? readInputs(scene.root) : {});
  if (node) node.disabled = action.isEnabled === false;
  if (answer.problems) showProblems(scene.root, answer.problems);
}

/** The way from the card's JSON to this very action, as keys and indexes. */
function pathTo(here, action) {
  if (here === action) return [];
  if (typeof here !== "object" || here === null) return null;
  for (const key of Object.keys(here)) {
    const rest = pathTo(here[key], action);
    if (rest) return [Array.isArray(here) ? Number(key) : key, ...rest];
  }
  return null;
}

function openUrl(url) {
  if (/^https?:\/\//i.test(url ?? "")) window.open(url, "_blank", "noopener,noreferrer");
}

function toggle(action, root) {
  for (const target of action.targetElements ?? []) {
    const id = typeof target === "string" ? target : target.elementId;
    const part = root.querySelector(`[data-part="${CSS.escape(id)}"]`);
    if (!part) continue;
    part.hidden =
      typeof target === "object" && target.isVisible !== undefined ? !target.isVisible : !part.hidden;
    part.dataset.turned = "yes";
  }
}

function showCard(action, scene, below, drawCard, node) {
  const opened = below.dataset.shows === (action.title ?? "");
  below.replaceChildren();
  delete below.dataset.shows;
  for (const other of node?.parentNode?.querySelectorAll("[aria-expanded]") ?? [])
    other.setAttribute("aria-expanded", "false");
  if (opened) return;
  below.dataset.shows = action.title ?? "";
  node?.setAttribute("aria-expanded", "true");
  below.append(drawCard(action.card ?? {}, scene.host, scene.card));
  below.scrollIntoView({ block: "nearest" });
}
