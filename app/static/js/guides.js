// The lines to write between, as in an exercise book: a glyph is scaled to one size, so its height alone tells C from c.

import { remember, remembered } from "./memory.js";

const KEY = "lines";
const OFF = "off";

export class Guides extends EventTarget {
  #lines;
  #button;

  /** `lines` is the drawing of them, in canvas units, or null on a sheet without. */
  constructor(lines, button) {
    super();
    this.#lines = lines;
    this.#button = button;
    if (!lines) return;
    this.#show(remembered(KEY) !== OFF);
    button.addEventListener("click", () => this.#toggle());
  }

  /** As `capHeightOf` the lines; null where none show. */
  get capHeight() {
    return this.#lines && !this.#lines.hasAttribute("hidden") ? capHeightOf(this.#lines) : null;
  }

  #toggle() {
    this.#show(this.capHeight === null);
    remember(KEY, this.capHeight === null ? OFF : "on");
    this.dispatchEvent(new Event("change"));
  }

  #show(isOn) {
    this.#lines.toggleAttribute("hidden", !isOn);
    this.#button.setAttribute("aria-pressed", isOn);
  }
}

/** From the line that capitals reach to the one that they stand on, in canvas units. */
export function capHeightOf(lines) {
  const y = (line) => lines.querySelector(line).y1.baseVal.value;
  return y(".base") - y(".cap");
}
