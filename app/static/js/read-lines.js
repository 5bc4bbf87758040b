// A line of the result: its characters as they stand there, the field to edit them in, their frames on the picture.

import { isShift } from "./alignment.js";

const characterOf = (glyph) => glyph.firstChild;

export class Line {
  #item;
  #field;
  #strip;
  #place;

  constructor(item) {
    this.#item = item;
    this.#strip = item.querySelector(".strip");
    this.#field = document.querySelector(`input[name="text"][data-line="${item.dataset.line}"]`);
    this.#place = this.#field.parentElement.querySelector('input[name="place"]');
  }

  get field() {
    return this.#field;
  }

  /** Say that a character is this, and mark it as looked at. */
  settle(glyph, character) {
    if (this.#isAsRead()) {
      const at = placeOf(glyph);
      this.#field.value = this.#field.value.slice(0, at) + character + this.#field.value.slice(at + 1);
    }
    this.#mark(glyph, character);
  }

  /** Take over what was typed into the field; returns the [glyph, character] that changed, where that can be told. */
  takeOver() {
    if (!this.#isAsRead() || isShift(this.#text(), this.#field.value)) {
      this.#giveUpGlyphs();
      return [];
    }
    const changed = this.#glyphs()
      .map((glyph) => [glyph, this.#field.value[placeOf(glyph)]])
      .filter(([glyph, character]) => characterOf(glyph).data !== character);
    for (const [glyph, character] of changed) this.#mark(glyph, character);
    return changed;
  }

  #isAsRead() {
    return this.#field.value.length === this.#field.defaultValue.length && this.#glyphs().length > 0;
  }

  #glyphs() {
    return Array.from(this.#item.querySelectorAll(".glyph"));
  }

  /** The line as it stood before it was typed into. */
  #text() {
    const characters = this.#field.defaultValue.split("");
    for (const glyph of this.#glyphs()) characters[placeOf(glyph)] = characterOf(glyph).data;
    return characters.join("");
  }

  /** Nobody can tell any more which character is which: there is the text, and nothing to ask. */
  #giveUpGlyphs() {
    for (const glyph of this.#glyphs()) frameOf(glyph.dataset.key)?.classList.remove("open");
    for (const ask of this.#item.querySelectorAll(".ask")) ask.remove();
    this.#strip.textContent = this.#field.value;
    this.#countDoubts();
  }

  #mark(glyph, character) {
    characterOf(glyph).data = character;
    glyph.classList.replace("doubtful", "settled");
    glyph.querySelector(".visually-hidden")?.remove();
    const frame = frameOf(glyph.dataset.key);
    frame?.setAttribute("class", "sure");
    this.#countDoubts();
  }

  /** The table says how many characters of a line nobody has looked at. */
  #countDoubts() {
    const place = JSON.parse(this.#place.value);
    place[4] = this.#item.querySelectorAll(".doubtful").length;
    this.#place.value = JSON.stringify(place);
  }
}

/** The frame of a character on the picture. */
export function frameOf(key) {
  return document.querySelector(`rect[data-key="${key}"]`);
}

/** The question about a doubtful character. */
export function askOf(glyph) {
  return document.getElementById(`ask-${glyph.dataset.key}`);
}

/** By which the server knows a character again. */
export function receiptOf(glyph) {
  return glyph.dataset.receipt ?? askOf(glyph)?.querySelector('input[name="receipt"]').value;
}

/** Which character of its line it is, from 0. */
export function placeOf(glyph) {
  return Number(glyph.dataset.key.split("-").pop());
}
