// Drawing without a pointer: with the sheet in focus the arrow keys move a pen, Space puts it down and lifts it.

import { SIZE, within } from "./strokes.js";
import { _ } from "./words.js";

const STEP = 7; // canvas units
const STRIDE = 28; // with Shift
const ARROWS = { ArrowUp: [0, -1], ArrowDown: [0, 1], ArrowLeft: [-1, 0], ArrowRight: [1, 0] };

export class KeyboardPen {
  #pad;
  #say;
  #at = [SIZE / 2, SIZE / 2];
  #isDown = false;

  /** `say` tells a person who cannot see the pen what it does. */
  constructor(canvas, pad, say) {
    this.#pad = pad;
    this.#say = say;
    canvas.addEventListener("keydown", (event) => this.#press(event));
    canvas.addEventListener("blur", () => this.#leave());
    canvas.addEventListener("pointerdown", () => this.#leave(), { capture: true });
  }

  #press(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key in ARROWS) this.#move(ARROWS[event.key], event.shiftKey ? STRIDE : STEP, event.timeStamp);
    else if (event.key === " " && !event.repeat) this.#toggle(event.timeStamp);
    else return;
    event.preventDefault(); // neither scrolls the page
  }

  #move([dx, dy], step, t) {
    this.#at = [within(this.#at[0] + dx * step), within(this.#at[1] + dy * step)];
    if (this.#isDown) this.#pad.extend(...this.#at, t, 0.5);
    this.#pad.showCursor(this.#at);
  }

  #toggle(t) {
    if (this.#pad.isDrawing && !this.#isDown) return; // a pointer is drawing
    this.#isDown = !(this.#isDown && this.#pad.isDrawing); // what was being drawn may have been cleared
    if (this.#isDown) this.#pad.begin(...this.#at, t, 0.5);
    else this.#pad.end();
    this.#pad.showCursor(this.#at);
    this.#say(this.#isDown ? _("Pen down") : _("Pen up"));
  }

  #leave() {
    if (this.#isDown) this.#pad.end();
    this.#isDown = false;
    this.#pad.showCursor(null);
  }
}
