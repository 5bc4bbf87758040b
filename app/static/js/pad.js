// The drawing pad: strokes, tools, undo. It knows its canvas and nothing of the page; "change" tells of new ink.
// A settled drawing makes room for the next pen stroke: "anew", then "change". That is one step: undo brings the old
// drawing back, open again, so what is drawn then goes on with it. The eraser edits it as any other.

import { History } from "./history.js";
import { append, erased, point } from "./strokes.js";
import { Surface } from "./surface.js";

const ERASER_RADIUS = 14; // canvas units
const CURSOR_RADIUS = 7;

export class Pad extends EventTarget {
  #history = new History([]);
  #live = null; // the gesture under way: {tool, points} of a pen, {tool, at, strokes} of an eraser
  #cursor = null;
  #startedAt = null; // the first event's time stamp; the strokes' clock starts there
  #isSettled = false;

  constructor(canvas) {
    super();
    this.tool = "pen";
    this.penWidth = 12;
    this.surface = new Surface(canvas, (surface) => this.#draw(surface));
  }

  /** What is on the sheet, finished gestures only. */
  get strokes() {
    return this.#history.present;
  }

  get isBlank() {
    return this.strokes.length === 0;
  }

  get isDrawing() {
    return this.#live !== null;
  }

  get canUndo() {
    return this.#history.canUndo;
  }

  get canRedo() {
    return this.#history.canRedo;
  }

  /** A gesture begins: pen or eraser down at a point in canvas units, `t` an event's time stamp. */
  begin(x, y, t, pressure, tool = this.tool) {
    this.#startedAt ??= t;
    const at = point(x, y, t - this.#startedAt, pressure);
    if (tool === "eraser") {
      this.#live = { tool, at, strokes: erased(this.strokes, at, at, ERASER_RADIUS) };
    } else {
      this.#live = { tool, stroke: { width: this.penWidth, points: [at] } };
    }
    this.surface.refresh();
    this.dispatchEvent(new Event("begin"));
  }

  extend(x, y, t, pressure) {
    if (!this.#live) return;
    const to = point(x, y, t - this.#startedAt, pressure);
    if (this.#live.tool === "eraser") {
      this.#live.strokes = erased(this.#live.strokes, this.#live.at, to, ERASER_RADIUS);
      this.#live.at = to;
    } else {
      append(this.#live.stroke.points, to);
      this.#live.stroke = { ...this.#live.stroke };
    }
    this.surface.refresh();
  }

  /** The gesture is done, and one step of undo. An eraser that touched nothing leaves no step. */
  end() {
    const live = this.#live;
    this.#live = null;
    if (live?.tool === "pen") this.#add(live.stroke);
    else if (live && live.strokes !== this.strokes) this.#commit(live.strokes);
    else this.surface.refresh();
  }

  /** The gesture never was. */
  cancel() {
    this.#live = null;
    this.surface.refresh();
  }

  undo() {
    if (this.isDrawing) this.cancel();
    else if (this.#history.undo()) this.#changed();
  }

  redo() {
    if (!this.isDrawing && this.#history.redo()) this.#changed();
  }

  clear() {
    this.cancel();
    if (!this.isBlank) this.#commit([]);
  }

  /** Nothing more belongs to what is on the sheet, until that is changed. */
  settle() {
    this.#isSettled = true;
  }

  /** Put other strokes on the sheet; undo brings back what was there. */
  load(strokes) {
    this.cancel();
    this.#commit(strokes);
  }

  /** Show where the keyboard's pen is, or with null nothing. */
  showCursor(at) {
    this.#cursor = at;
    this.surface.refresh();
  }

  /** What a pen stroke is added to. */
  get #ground() {
    return this.#isSettled ? [] : this.strokes;
  }

  #add(stroke) {
    if (this.#isSettled) this.dispatchEvent(new Event("anew"));
    this.#commit([...this.#ground, stroke]);
  }

  #commit(strokes) {
    this.#history.commit(strokes);
    this.#changed();
  }

  #changed() {
    this.#isSettled = false;
    this.surface.refresh();
    this.dispatchEvent(new Event("change"));
  }

  #draw(surface) {
    const live = this.#live;
    surface.drawStrokes(live?.strokes ?? (live ? this.#ground : this.strokes));
    if (live?.stroke) surface.drawStrokes([live.stroke]);
    if (live?.at) surface.drawRing(live.at, ERASER_RADIUS);
    if (this.#cursor) surface.drawRing(this.#cursor, CURSOR_RADIUS);
  }
}
