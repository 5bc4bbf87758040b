// Shows an answer, or why there is none. It knows the panel's elements and nothing of the server.

import { showAll, showBest } from "./bars.js";
import { nameOf } from "./characters.js";
import { percent } from "./percent.js";

const NOTHING = { sentence: "Nothing to read yet", note: "The answer appears here after each stroke." };

export class AnswerView {
  #panel;
  #characters;
  #onPick;
  #receipt = null;

  /** `characters` is the alphabet in order; `onPick(character)` when a person taps one of the best. */
  constructor(panel, characters, onPick) {
    this.#panel = panel;
    this.#characters = characters;
    this.#onPick = onPick;
    this.empty();
  }

  waiting() {
    this.#panel.setAttribute("aria-busy", "true");
  }

  show(answer) {
    const best = answer.candidates[0].character;
    if (answer.rejected) {
      this.#say("rejected", "?", "I can’t read this yet", "It might be one of these. Tap the right one, or draw on.");
    } else {
      this.#say("answered", best, `${percent(answer.confidence)} sure`, note(answer), `Read as ${nameOf(best)}: `);
    }
    this.#receipt = answer.receipt;
    this.#bars(answer.candidates);
    this.#pictures(answer);
  }

  /** The answer with this receipt has been judged; its candidates are no longer choices. */
  settle(receipt) {
    if (receipt !== this.#receipt) return;
    for (const button of this.#find("#top").querySelectorAll("button")) button.disabled = true;
  }

  empty() {
    this.#say("empty", "", NOTHING.sentence, NOTHING.note);
    this.#withoutAnswer();
  }

  /** Why there is no answer, and what to do. */
  problem(sentence, note) {
    this.#say("problem", "!", sentence, note);
    this.#withoutAnswer();
  }

  #withoutAnswer() {
    this.#receipt = null;
    this.#bars([]);
    this.#pictures({});
  }

  #say(state, character, sentence, note, spoken = "") {
    this.#panel.setAttribute("aria-busy", "false");
    this.#panel.dataset.state = state;
    this.#find("#answer-character").textContent = character;
    this.#find("#answer-spoken").textContent = spoken;
    this.#find("#answer-sentence").textContent = sentence;
    this.#find("#answer-note").textContent = note;
  }

  #bars(candidates) {
    showBest(this.#find("#top"), this.#find("#bar-template"), candidates, this.#onPick);
    this.#find("#all").hidden = candidates.length === 0;
    showAll(this.#find("#distribution"), this.#find("#share-template"), this.#characters, candidates);
  }

  #pictures({ debug, release }) {
    for (const [id, url] of [["#debug-crop", debug?.crop], ["#debug-glyph", debug?.glyph]]) {
      this.#find(id).hidden = !url;
      if (url) this.#find(id).src = url;
    }
    this.#find("#debug-release").textContent = release ? `Read by ${release}` : "Draw something to see it.";
  }

  #find(selector) {
    return this.#panel.querySelector(selector);
  }
}

function note({ candidates: [best, second] }) {
  const name = nameOf(best.character);
  const which = name === best.character ? "" : `${name[0].toUpperCase()}${name.slice(1)}. `;
  return which + (best.probability < 0.995 ? `Next best: ${nameOf(second.character)}.` : "Nothing else comes close.");
}
