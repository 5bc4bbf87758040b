// Whether the server can be reached: "online", "offline" (this device has no network) or "down". Tells "change".
// A failed call or a lost network starts a watch, which asks for the server's health until it is well again.
// Being offline is no proof: a server on this very machine still answers, so the watch decides.

const FIRST_LOOK_MS = 1000;
const RAREST_LOOK_MS = 8000;

export class Connection extends EventTarget {
  #isUp;
  #timer = 0;
  #pause = FIRST_LOOK_MS;
  #looks = 0;
  state = "online";

  /** `isUp()` promises whether the server answers. */
  constructor(isUp) {
    super();
    this.#isUp = isUp;
    addEventListener("offline", () => this.look());
    addEventListener("online", () => this.state !== "online" && this.look());
    if (!navigator.onLine) this.look();
  }

  /** A call got no answer. */
  failed() {
    this.#become(navigator.onLine ? "down" : "offline");
    this.#lookAgain();
  }

  /** Look at once. */
  async look() {
    clearTimeout(this.#timer);
    this.#looks += 1;
    const look = this.#looks;
    const isUp = await this.#isUp();
    if (look !== this.#looks) return; // a newer look is under way
    if (isUp) {
      this.#pause = FIRST_LOOK_MS;
      this.#become("online");
    } else {
      this.failed();
    }
  }

  #lookAgain() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.look(), this.#pause);
    this.#pause = Math.min(RAREST_LOOK_MS, this.#pause * 2);
  }

  #become(state) {
    if (state === this.state) return;
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
