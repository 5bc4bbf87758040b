// “Learn my hand”: the note that says whose hand it is, how many answers it has learned from, and its switch.

export class HandView {
  #section;
  #answers;
  #error;

  /** `turn(url)` promises {note}, the hand's new one; `onTurned()` is told when it holds. */
  constructor(section, turn, onTurned) {
    this.#section = section;
    this.#answers = section.querySelector("#hand-answers");
    this.#error = section.querySelector("#hand-error");
    section.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#turn(turn(event.target.action), onTurned);
    });
  }

  /** What a question says of the hand: nothing where none is learned. */
  get question() {
    const { note } = this.#section.dataset;
    return note ? { hand: note } : {};
  }

  /** An answer says how much is known by now: it may have been learned on another page. */
  show({ hand }) {
    if (hand) this.#answers.textContent = hand.answers;
  }

  /** The person has answered; `already` when the same was said before. */
  kept({ already }) {
    if (!already) this.#answers.textContent = Number(this.#answers.textContent) + 1;
  }

  async #turn(turning, onTurned) {
    this.#error.textContent = "";
    try {
      const { note } = await turning;
      this.#section.dataset.note = note ?? "";
      this.#answers.textContent = 0;
      onTurned();
    } catch (error) {
      this.#error.textContent = error.message;
    }
  }
}
