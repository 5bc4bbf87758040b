// The last 20 answers, in localStorage. Broken, full or forbidden storage costs the memory of older visits, no more.

const KEY = "recent-answers";
const MOST = 20;

export class Recent {
  #storage;
  #entries;

  /** `storage` is localStorage, or null where a browser forbids it. */
  constructor(storage) {
    this.#storage = storage;
    this.#entries = this.#load();
  }

  /**
   * Newest first: {id, alphabet, character, other, confidence, rejected, strokes: [{width, points: [[x, y], …]}, …]}, and
   * where they are known capHeight; `label`, what the person said it is; `isClaimed`: no account is to be offered it.
   */
  get entries() {
    return this.#entries;
  }

  /** Keep an entry; a newer one of the same drawing (`id`) takes its place, and its label if no stroke has changed. */
  put(entry) {
    const known = this.#entries.find(({ id, strokes }) => id === entry.id && strokes === entry.strokes);
    const label = known?.label ? { label: known.label } : {};
    this.#entries = [{ ...entry, ...label }, ...this.#entries.filter(({ id }) => id !== entry.id)].slice(0, MOST);
    this.#save();
  }

  /** The person said what the drawing `id` is. */
  judge(id, label) {
    this.#entries = this.#entries.map((entry) => (entry.id === id ? { ...entry, label } : entry));
    this.#save();
  }

  /** What was drawn before anybody signed in, and may be offered to whoever does. */
  get unclaimed() {
    return this.#entries.filter(({ isClaimed }) => !isClaimed);
  }

  /** Nothing that is here by now is offered again. */
  claim() {
    this.#entries = this.#entries.map((entry) => ({ ...entry, isClaimed: true }));
    this.#save();
  }

  forget() {
    this.#entries = [];
    this.#save();
  }

  #load() {
    try {
      const entries = JSON.parse(this.#storage?.getItem(KEY) ?? "[]");
      return Array.isArray(entries) ? entries.filter(isEntry).slice(0, MOST) : [];
    } catch {
      return []; // not readable, or not JSON: begin anew
    }
  }

  /** As many of the newest as there is room for. */
  #save() {
    let count = this.#entries.length;
    while (!this.#write(this.#entries.slice(0, count)) && count > 0) count = Math.floor(count / 2);
  }

  #write(entries) {
    try {
      this.#storage?.setItem(KEY, JSON.stringify(entries));
      return true;
    } catch {
      return false; // full, or forbidden
    }
  }
}

/** The browser's storage, or null: reading the property alone may throw. */
export function browserStorage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

function isEntry(value) {
  return (
    typeof value?.id === "number" &&
    typeof value.character === "string" &&
    typeof value.confidence === "number" &&
    Array.isArray(value.strokes) &&
    value.strokes.every(isStroke)
  );
}

function isStroke(stroke) {
  const isPoint = (each) => Array.isArray(each) && each.length >= 2 && each.every(Number.isFinite);
  return Number.isFinite(stroke?.width) && stroke.points?.length > 0 && Array.from(stroke.points).every(isPoint);
}
