// “Learn my hand”: the note that says whose hand it is, and how many answers it has learned from.

export class HandView {
  #section;
  #answers;

  constructor(section) {
    this.#section = section;
    this.#answers = section.querySelector("#hand-answers");
  }

  /** What a question says of the hand: nothing where none is learned. */
  get question() {
    const { note } = this.#section.dataset;
    return note ? { hand: note } : {};
  }

  /** An answer says how much is known by now: it may have been learned on another page. */
  show({ hand }) {
    if (this.#answers && hand) this.#answers.textContent = hand.answers;
  }

  /** The person has answered; `already` when the same was said before. */
  kept({ already }) {
    if (this.#answers && !already) this.#answers.textContent = Number(this.#answers.textContent) + 1;
  }
}
