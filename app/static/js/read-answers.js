// What a person says about single characters, on its way to the server: one by one, and no faster than it takes them.

const WAIT_MS = 1500;
const BUSY = 429;
const BUSY_MS = 5000;

export class Answers {
  #keep;
  #onProblem;
  #waiting = new Map();
  #told = new Set();
  #timer = 0;
  #isSending = false;

  /** `keep(answer, options)` sends one; `onProblem(words)` tells what was not kept, "" that all is well. */
  constructor(keep, onProblem) {
    this.#keep = keep;
    this.#onProblem = onProblem;
    addEventListener("pagehide", () => this.#leave());
  }

  /** The character with this receipt is `label`. Within moments one may change one's mind; a receipt counts once. */
  tell(receipt, label) {
    if (!receipt || this.#told.has(receipt)) return;
    this.#waiting.set(receipt, label);
    this.#later(WAIT_MS);
  }

  #later(pause) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#send(), pause);
  }

  async #send() {
    if (this.#isSending) return;
    this.#isSending = true;
    for (const [receipt, label] of this.#waiting) {
      if (!(await this.#sent(receipt, label))) break;
    }
    this.#isSending = false;
  }

  /** Whether to go on with the next. */
  async #sent(receipt, label) {
    this.#told.add(receipt);
    this.#waiting.delete(receipt);
    try {
      await this.#keep({ receipt, correct: "no", label });
      this.#onProblem("");
    } catch (error) {
      if (error.status !== BUSY) {
        this.#onProblem(error.message);
        return true;
      }
      this.#told.delete(receipt);
      this.#waiting.set(receipt, label);
      this.#later(BUSY_MS);
      return false;
    }
    return true;
  }

  #leave() {
    for (const [receipt, label] of this.#waiting) {
      this.#keep({ receipt, correct: "no", label }, { keepalive: true }).catch(() => {}); // nobody is there to be told
    }
    this.#waiting.clear();
  }
}
