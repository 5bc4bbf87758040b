// Shows an answer, or why there is none. It knows the panel's elements and nothing of the server.

import { showAll, showBest } from "./bars.js";
import { capitalized, nameOf, titleOf } from "./characters.js";
import { percent } from "./percent.js";
import { reading } from "./reading.js";

const NOTHING = { sentence: "Nothing to read yet", note: "The answer appears here after each stroke." };

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
    const { character, other, confidence, rejected } = reading(answer);
    const sure = `${percent(confidence)} sure`;
    if (rejected) this.#refuse(rejected);
    else if (other) this.#either(character, other, sure, isGuided);
    else this.#say("answered", [character], sure, this.#note(answer), `Read as ${this.#name(character)}: `);
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
    this.#say("empty", [], NOTHING.sentence, NOTHING.note);
    this.#withoutAnswer();
  }

  /** Why there is no answer, and what to do. */
  problem(sentence, note) {
    this.#say("problem", ["!"], sentence, note);
    this.#withoutAnswer();
  }

  #either(character, other, sure, isGuided) {
    const [likely, possible] = [this.#name(character), this.#name(other)];
    const note = isGuided
      ? `More likely ${likely}, but at this height it could be ${possible}.`
      : `One drawing alone can’t tell ${likely} from ${possible}. Lines to write between would help.`;
    const spoken = `Read as ${character}, capital or small: `;
    this.#say("answered", [both(character, other)], `${sure} of the letter`, note, spoken);
  }

  #refuse(reason) {
    if (reason === "no_character") {
      const note = "Draw one character, alone and large. If it is one, tell me which.";
      this.#say("no-character", ["–"], `This doesn’t look like one ${titleOf(this.#alphabet)}`, note);
    } else {
      this.#say("rejected", ["?"], "I can’t read this yet", "It might be one of these. Tap the right one, or draw on.");
    }
  }

  #withoutAnswer() {
    this.#receipt = null;
    this.#bars([]);
    this.#pictures({});
  }

  /** `marks` are the large characters: texts or elements. */
  #say(state, marks, sentence, note, spoken = "") {
    this.#panel.setAttribute("aria-busy", "false");
    this.#panel.dataset.state = state;
    this.#find("#answer-character").replaceChildren(...marks);
    this.#find("#answer-spoken").textContent = spoken;
    this.#find("#answer-sentence").textContent = sentence;
    this.#find("#answer-note").textContent = note;
  }

  #bars(candidates) {
    showBest(this.#find("#top"), this.#find("#bar-template"), this.#alphabet, candidates, this.#onPick);
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

  #note({ candidates: [best, second] }) {
    const name = this.#name(best.character);
    const which = name === best.character ? "" : `${capitalized(name)}. `;
    const next = `Next best: ${this.#name(second.character)}.`;
    return which + (best.probability < 0.995 ? next : "Nothing else comes close.");
  }

  #name(character) {
    return nameOf(character, this.#alphabet);
  }

  #find(selector) {
    return this.#panel.querySelector(selector);
  }
}

function both(one, other) {
  const either = document.createElement("span");
  const or = document.createElement("small");
  or.textContent = " or ";
  either.append(one, or, other);
  return either;
}
