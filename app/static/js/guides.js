// The lines to write between, as in an exercise book: a glyph is scaled to one size, so its height alone tells C from c.

const KEY = "lines";
const OFF = "off";

export class Guides extends EventTarget {
  #lines;
  #button;
  #storage;

  /** `lines` is the drawing of them, in canvas units, or null on a sheet without; `storage` is localStorage or null. */
  constructor(lines, button, storage) {
    super();
    this.#lines = lines;
    this.#button = button;
    this.#storage = storage;
    if (!lines) return;
    this.#show(!this.#wereOff());
    button.addEventListener("click", () => this.#toggle());
  }

  /** From the line that capitals reach to the one that they stand on, in canvas units; null where no lines show. */
  get capHeight() {
    return this.#lines && !this.#lines.hasAttribute("hidden") ? this.#at(".base") - this.#at(".cap") : null;
  }

  #toggle() {
    this.#show(this.capHeight === null);
    this.#remember();
    this.dispatchEvent(new Event("change"));
  }

  #show(isOn) {
    this.#lines.toggleAttribute("hidden", !isOn);
    this.#button.setAttribute("aria-pressed", isOn);
  }

  #at(line) {
    return this.#lines.querySelector(line).y1.baseVal.value;
  }

  #wereOff() {
    try {
      return this.#storage?.getItem(KEY) === OFF;
    } catch {
      return false;
    }
  }

  #remember() {
    try {
      this.#storage?.setItem(KEY, this.capHeight === null ? OFF : "on");
    } catch {
      // full or forbidden: the next visit begins with lines
    }
  }
}
