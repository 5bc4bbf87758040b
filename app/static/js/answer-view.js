// Shows an answer, or why there is none. It knows the panel's elements and nothing of the server.

import { showMarks, wordsFor } from "./answer-words.js";
import { showAll, showBest } from "./bars.js";
import { _ } from "./words.js";

const NOTHING = {
  state: "empty",
  marks: [],
  sentence: _("Nothing to read yet"),
  note: _("The answer appears here after each stroke."),
};

export class AnswerView {
  #panel;
  #alphabet;
  #characters;
  #onPick;
  #receipt = null;

  /** `characters` are the alphabet's, in order; `onPick(character)` when a person taps one of the best. */
  constructor(panel, alphabet, characters, onPick) {
    this.#panel = panel;
    this.#alphabet = alphabet;
    this.#characters = characters;
    this.#onPick = onPick;
    this.empty();
  }

  waiting() {
    this.#panel.setAttribute("aria-busy", "true");
  }

  /** `isGuided` says whether the drawing was made between lines. */
  show(answer, isGuided) {
    this.#say(wordsFor(answer, this.#alphabet, isGuided));
    this.#receipt = answer.receipt;
    this.#find("#answer-hand").hidden = !answer.hand?.changed;
    this.#bars(answer.candidates);
    this.#arrange(answer);
    this.#pictures(answer);
  }

  /** The answer with this receipt has been judged; its candidates are no longer choices. */
  settle(receipt) {
    if (receipt !== this.#receipt) return;
    for (const button of this.#find("#top").querySelectorAll("button")) button.disabled = true;
  }

  empty() {
    this.#say(NOTHING);
    this.#withoutAnswer();
  }

  /** Why there is no answer, and what to do. */
  problem(sentence, note) {
    this.#say({ state: "problem", marks: ["!"], sentence, note });
    this.#withoutAnswer();
  }

  #withoutAnswer() {
    this.#receipt = null;
    this.#find("#answer-hand").hidden = true;
    this.#bars([]);
    this.#pictures({});
  }

  #say({ state, marks, sentence, note, spoken = "" }) {
    this.#panel.setAttribute("aria-busy", "false");
    this.#panel.dataset.state = state;
    showMarks(this.#find("#answer-character"), marks);
    this.#find("#answer-spoken").textContent = spoken;
    this.#find("#answer-sentence").textContent = sentence;
    this.#find("#answer-note").textContent = note;
  }

  #bars(candidates) {
    showBest(this.#find("#top"), this.#find("#bar-template"), this.#alphabet, candidates, this.#onPick);
    this.#find("#all").hidden = candidates.length === 0;
    showAll(this.#find("#distribution"), this.#find("#share-template"), this.#characters, candidates);
  }

  /** The question comes first; where none is asked, what it might be. */
  #arrange({ rejected }) {
    this.#find(rejected ? ".answer-head" : "#feedback").after(this.#find("#candidates"));
  }

  #pictures({ debug, release }) {
    for (const [id, url] of [["#debug-crop", debug?.crop], ["#debug-glyph", debug?.glyph]]) {
      this.#find(id).hidden = !url;
      if (url) this.#find(id).src = url;
    }
    this.#find("#debug-release").textContent = release ? _("Read by %(release)s", { release }) : _("Draw something to see it.");
  }

  #find(selector) {
    return this.#panel.querySelector(selector);
  }
}
