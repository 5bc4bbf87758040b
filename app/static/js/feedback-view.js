// Was it right? Yes, no, and what it is instead. Each answer is told once; what became of it is always said.

import { capitalized, groupsOf, nameOf } from "./characters.js";
import { reading } from "./reading.js";
import { _ } from "./words.js";

export class FeedbackView {
  #panel;
  #alphabet;
  #desk;
  #answer = null;
  #lost = new Map(); // answers that were not kept: {character, reason}, until the next is given

  /** `desk` has keep({receipt, correct, label}), which promises the server's message, startOver() and backToPad(). */
  constructor(panel, alphabet, characters, desk) {
    this.#panel = panel;
    this.#alphabet = alphabet;
    this.#desk = desk;
    this.#find("#say-yes").addEventListener("click", () => this.pick(this.#answer.candidates[0].character));
    this.#find("#say-other").addEventListener("click", () => this.pick(reading(this.#answer).other));
    this.#find("#say-no").addEventListener("click", () => this.#correct());
    this.#find("#draw-another").addEventListener("click", desk.startOver);
    this.#find("#correction").addEventListener("submit", (event) => this.#typed(event));
    this.#find("#correction").addEventListener("keydown", (event) => event.key === "Escape" && this.#leave(event));
    this.#find("#correction-keys").append(...groupsOf(characters).map(([name, members]) => this.#keys(name, members)));
  }

  /** Ask about a new answer; with null, about nothing. What was not kept stays said. */
  ask(answer) {
    this.#answer = answer;
    this.#find("#feedback-choice").hidden = !answer || Boolean(answer.rejected);
    this.#offerOtherCase(answer);
    this.#openCorrection(Boolean(answer?.rejected));
    this.#find("#correction").reset();
    this.#find("#draw-another").hidden = true;
    this.#say("");
  }

  /** The person says it is `character`. */
  async pick(character) {
    const answer = this.#answer;
    if (!answer || answer.isTold) return;
    answer.isTold = true;
    this.#lost.clear();
    this.#say(_("Keeping it …"));
    try {
      const { message } = await this.#desk.keep(verdict(answer, character));
      this.#kept(answer, character, message);
    } catch (error) {
      answer.isTold = false;
      this.#lost.set(answer, { character, reason: error.message });
      this.#say(answer === this.#answer ? "" : this.#find("#feedback-note").textContent);
    }
  }

  #kept(answer, character, message) {
    if (answer !== this.#answer) {
      // another answer is on show by now, or none
      if (!this.#answer?.isTold) this.#say(_("Your answer “%(name)s” was kept.", { name: nameOf(character, this.#alphabet) }));
      return;
    }
    this.#say(message);
    const wasOpen = !this.#find("#correction").hidden;
    this.#find("#feedback-choice").hidden = true;
    this.#find("#correction").hidden = true;
    this.#find("#draw-another").hidden = false;
    if (wasOpen) this.#desk.backToPad(); // the keys may have led far away from it
    else this.#find("#draw-another").focus({ preventScroll: true });
  }

  #offerOtherCase(answer) {
    const { character, other } = answer ? reading(answer) : {};
    this.#find("#feedback-question").textContent = other
      ? _("Is it %(name)s?", { name: nameOf(character, this.#alphabet) })
      : _("Is that right?");
    this.#find("#say-other").hidden = !other;
    this.#find("#say-other").textContent = other ? capitalized(nameOf(other, this.#alphabet)) : "";
  }

  #openCorrection(isOpen) {
    this.#find("#correction").hidden = !isOpen;
    this.#find("#say-no").setAttribute("aria-expanded", isOpen);
  }

  #correct() {
    this.#openCorrection(true);
    const hasKeyboard = matchMedia("(pointer: fine)").matches; // else the field would call up a keyboard over the keys
    this.#find(hasKeyboard ? "#correction-label" : "#correction-keys button").focus();
  }

  /** Out of the correction without a word; the drawing stays. */
  #leave(event) {
    event.preventDefault();
    this.#openCorrection(Boolean(this.#answer.rejected));
    this.#desk.backToPad();
  }

  #typed(event) {
    event.preventDefault();
    this.pick(this.#find("#correction-label").value.trim());
  }

  #keys(name, characters) {
    const group = document.createElement("div");
    group.className = "keys";
    group.setAttribute("role", "group");
    group.setAttribute("aria-label", name);
    group.append(...characters.map((character) => this.#key(character)));
    return group;
  }

  #key(character) {
    const key = document.createElement("button");
    key.type = "button";
    key.className = "key";
    key.textContent = character;
    key.setAttribute("aria-label", nameOf(character, this.#alphabet));
    key.addEventListener("click", () => this.pick(character));
    return key;
  }

  /** A note, beside what was not kept; the panel is there as long as it has anything to ask or to say. */
  #say(note) {
    const problems = Array.from(this.#lost, ([answer, lost]) => this.#problem(answer, lost)).join(" ");
    this.#panel.hidden = !this.#answer && !note && !problems;
    this.#find("#feedback-note").textContent = note;
    if (this.#find("#feedback-error").textContent === problems) return; // it would be spoken again
    this.#find("#feedback-error").textContent = problems;
  }

  #problem(answer, { character, reason }) {
    if (answer === this.#answer) return _("Not kept. %(reason)s", { reason });
    const name = nameOf(character, this.#alphabet);
    return _("Your answer “%(name)s” was not kept. %(reason)s", { name, reason });
  }

  #find(selector) {
    return this.#panel.querySelector(selector);
  }
}

function verdict({ receipt, candidates }, label) {
  return label === candidates[0].character ? { receipt, correct: "yes" } : { receipt, correct: "no", label };
}
