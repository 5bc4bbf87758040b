// What a person says about single characters, on its way to the server: one by one, no faster than it takes them, and
// again where it does not answer.

import { NoAnswer } from "./server.js";
import { _ } from "./words.js";

const WAIT_MS = 1500;
const BUSY = 429;
const AGAIN_MS = 5000;

export class Answers {
  #keep;
  #onProblem;
  #waiting = new Map(); // what the server has not taken yet, also while it is on its way
  #told = new Set();
  #refused = ""; // why the last one was that nobody will ever keep
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
    try {
      await this.#keep({ receipt, correct: "no", label });
    } catch (error) {
      if (mayHelpLater(error)) {
        this.#putBack(receipt, error);
        return false;
      }
      this.#refused = error.message;
    }
    this.#told.add(receipt);
    this.#waiting.delete(receipt);
    if (this.#refused || this.#waiting.size === 0) this.#onProblem(this.#refused);
    return true;
  }

  /** Behind the others, so that none waits for one that never gets through. */
  #putBack(receipt, error) {
    const latest = this.#waiting.get(receipt);
    if (latest === undefined) return; // the page was left meanwhile
    this.#waiting.delete(receipt);
    this.#waiting.set(receipt, latest);
    this.#later(AGAIN_MS);
    if (error.status !== BUSY) {
      this.#onProblem(error instanceof NoAnswer ? _("The server isn’t answering. Trying again …") : error.message);
    }
  }

  #leave() {
    for (const [receipt, label] of this.#waiting) {
      this.#keep({ receipt, correct: "no", label }, { keepalive: true }).catch(() => {}); // nobody is there to be told
    }
    this.#waiting.clear();
  }
}

/** Whether the server may take the same thing later. */
function mayHelpLater(error) {
  return error instanceof NoAnswer || error.status === BUSY || error.status >= 500;
}
