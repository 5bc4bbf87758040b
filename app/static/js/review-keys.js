// Single keys of the review desk. They can be turned off (WCAG 2.1.4), and do nothing where one types or chooses.

import { remember, remembered } from "./memory.js";

const STORED = "review-keys";
const ACTIONS = { a: "accept", r: "reject", l: "relabel", u: "undo", j: "next", k: "previous", x: "select", p: "replay" };
const ARROWS = { ArrowRight: "next", ArrowLeft: "previous" };

/** `actions` are functions by the names above. */
export function wireReviewKeys(actions) {
  const toggle = document.getElementById("keys-on");
  document.getElementById("keys").hidden = false;
  toggle.checked = remembered(STORED) !== "off";
  const show = () => document.body.classList.toggle("keys-work", toggle.checked);
  toggle.addEventListener("change", () => {
    remember(STORED, toggle.checked ? "on" : "off");
    show();
  });
  show();
  document.addEventListener("keydown", (event) => {
    const action = event.ctrlKey || event.metaKey || event.altKey || isField(event.target) ? null : actionOf(event, toggle.checked);
    if (!action || event.repeat) return;
    event.preventDefault();
    actions[action]();
  });
}

function actionOf(event, singleKeys) {
  return ARROWS[event.key] ?? (singleKeys ? ACTIONS[event.key.toLowerCase()] : null);
}

function isField(target) {
  if (target instanceof HTMLInputElement) return target.type !== "checkbox";
  return target instanceof HTMLSelectElement || target instanceof HTMLTextAreaElement;
}
