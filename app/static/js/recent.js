// The last 20 answers, in localStorage. Broken, full or forbidden storage costs the memory of older visits, no more.

import { remember, remembered } from "./memory.js";

const KEY = "recent-answers";
const MOST = 20;

export class Recent {
  #entries = load();

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

  /** As many of the newest as there is room for. */
  #save() {
    let count = this.#entries.length;
    while (!remember(KEY, JSON.stringify(this.#entries.slice(0, count))) && count > 0) count = Math.floor(count / 2);
  }
}

function load() {
  try {
    const entries = JSON.parse(remembered(KEY) ?? "[]");
    return Array.isArray(entries) ? entries.filter(isEntry).slice(0, MOST) : [];
  } catch {
    return []; // no JSON: begin anew
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
