// Sends the receipt of each finished drawing to the pages of whoever is signed in. A drawing is finished when it is
// cleared, when another one takes its place, or when the page is left; what was answered, the server keeps by itself.

export class Keeping {
  #keep;
  #last = null;
  #known = new WeakSet();

  /** `keep(receipt)` promises that the drawing is kept; null where nobody wants that. */
  constructor(keep) {
    this.#keep = keep;
    addEventListener("pagehide", () => this.finish());
  }

  /** Whether drawings go to somebody's pages. */
  get isOn() {
    return this.#keep !== null;
  }

  /** `strokes` were read; perhaps there will be more of them. */
  read(receipt, strokes) {
    this.#last = { receipt, strokes };
  }

  /** The drawing with these strokes need not be kept again; the pad replaces strokes and never changes them. */
  knows(strokes) {
    this.#known.add(strokes);
  }

  finish() {
    const last = this.#last;
    this.#last = null;
    if (!last || !this.isOn || this.#known.has(last.strokes)) return;
    this.knows(last.strokes);
    this.#keep(last.receipt).catch(() => {}); // the page may be gone; the drawing is among the last 20 all the same
  }
}
