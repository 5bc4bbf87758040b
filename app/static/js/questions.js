// Asks about a drawing that keeps changing: waits until it rests, and never shows an answer to an older question.

const REST_MS = 100;

export class Questions {
  #ask;
  #tell;
  #sequence = 0;
  #timer = 0;
  #underWay = null;

  /** `ask(question, signal)` promises an answer; `tell` has waiting(), answered(answer, question), failed(error). */
  constructor(ask, tell) {
    this.#ask = ask;
    this.#tell = tell;
  }

  /** Ask once the drawing rests; `read()` gives the question at that moment. */
  put(read) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.putNow(read()), REST_MS);
  }

  async putNow(question) {
    this.withdraw();
    const sequence = this.#sequence;
    this.#underWay = new AbortController();
    this.#tell.waiting();
    try {
      const answer = await this.#ask(question, this.#underWay.signal);
      if (sequence === this.#sequence) this.#tell.answered(answer, question);
    } catch (error) {
      if (sequence === this.#sequence) this.#tell.failed(error);
    }
  }

  /** Forget what was asked: whatever still comes is too late. */
  withdraw() {
    clearTimeout(this.#timer);
    this.#sequence += 1;
    this.#underWay?.abort();
    this.#underWay = null;
  }
}
