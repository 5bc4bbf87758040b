// The review desk: decisions are sent without leaving the page, by button or by key. The forms work without this.

import { ReviewDesk, thumb } from "./review-desk.js";
import { wireReviewKeys } from "./review-keys.js";
import { replay } from "./review-replay.js";
import { _ } from "./words.js";

const root = document.getElementById("samples");
const status = document.getElementById("review-status");
const decided = []; // the samples decided here, the latest last

if (root) start(new ReviewDesk(root));

function start(desk) {
  for (const form of root.querySelectorAll(".sample form")) {
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      decide(desk, form.closest(".sample"), new FormData(form, event.submitter));
    });
  }
  for (const button of root.querySelectorAll(".replay")) {
    button.hidden = false;
    button.addEventListener("click", () => replay(button.closest("figure").querySelector("svg")));
  }
  const click = (selector) => () => desk.current.querySelector(selector)?.click();
  wireReviewKeys({
    accept: click('[data-act="accept"]'),
    reject: click('[data-act="reject"]'),
    relabel: () => desk.current.querySelector('[type="text"]').focus(),
    undo: () => undo(desk),
    next: () => desk.step(1),
    previous: () => desk.step(-1),
    select: () => thumb(desk.current).closest("li").querySelector("input").click(),
    replay: click(".replay"),
  });
}

async function decide(desk, sample, fields) {
  if (sample.ariaBusy === "true") return;
  sample.ariaBusy = "true";
  try {
    const { state, words, message } = await send(sample, fields);
    desk.note(sample, state, words);
    status.textContent = message;
    status.classList.remove("bad");
    if (fields.get("verdict") === "undo") {
      desk.show(sample);
    } else {
      decided.push(sample);
      desk.goOn();
    }
  } catch (error) {
    status.textContent = error.message;
    status.classList.add("bad");
  } finally {
    sample.ariaBusy = "false";
  }
}

/** The last one decided waits again; without any, the one on show if it is decided. */
function undo(desk) {
  const sample = decided.pop() ?? desk.current;
  const button = sample.querySelector('[data-act="undo"]');
  if (!button.hidden) decide(desk, sample, new FormData(button.form, button));
}

async function send(sample, fields) {
  const options = { method: "POST", headers: { Accept: "application/json" }, body: fields };
  const response = await fetch(sample.querySelector("form").action, options).catch(() => null);
  if (response?.redirected) location.reload(); // to sign in again
  const answer = await response?.json().catch(() => null);
  if (!answer) throw new Error(_("The server isn’t answering. Try again in a moment."));
  if (!response.ok) throw new Error(answer.error.message);
  return answer;
}
