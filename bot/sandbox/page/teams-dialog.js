/** Teams' dialogs (task modules), over the Teams pane. */

import { drawCard } from "./card.js";
import { el, freshId, icon } from "./dom.js";
import { closesOnEscape } from "./frame.js";

/** A dialog that holds one card; `does` holds submit(action, values) and close(). */
export function drawDialog(title, card, does) {
  const id = freshId("title");
  const label = "Close dialog";
  const close = el(
    "button.dialog-close",
    { type: "button", "aria-label": "Close", data: { label }, on: { click: does.close } },
    icon("close"),
  );
  const head = el(
    "header.dialog-head",
    {},
    el("img", { src: "/demo/assets/mark.svg", alt: "" }),
    el("h3", { id }, title || "Folkmoot"),
    close,
  );
  const dialog = el(
    "div.dialog",
    { role: "dialog", "aria-labelledby": id, tabindex: "-1", data: { dialog: "teams" } },
    head,
    el("div.modal-body", {}, drawCard(card, { act: does.submit })),
  );
  closesOnEscape(dialog, does.close);
  return dialog;
}
