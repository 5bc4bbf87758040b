// A recorded drawing, replayed: what is on the sheet at a moment. It knows no canvas and no clock.

import { History } from "./history.js";
import { between } from "./strokes.js";

const PEN_WIDTH = 12; // canvas units
const PRESS_MS = 800; // for how long a tool is seen to be pressed

export class Replay {
  #gestures = []; // {from, to, before, after} in time; of a stroke also its {stroke}, of a tool its {tool}

  /** `recorded` are {points: [[x, y, t], …]} of the pen and {at, tool: "undo" | "clear"}, in ms and in order. */
  constructor(recorded) {
    const sheet = new History([]);
    for (const each of recorded) {
      const before = sheet.present;
      const gesture = each.points ? drawn(sheet, each.points) : pressed(sheet, each);
      this.#gestures.push({ ...gesture, before, after: sheet.present });
    }
  }

  /**
   * {drawing, live, tool}: the finished strokes, always the same array for the same ones; the stroke being drawn, or
   * null; the tool being pressed, or null.
   */
  at(ms) {
    const gesture = this.#gestures.findLast(({ from }) => from <= ms);
    if (!gesture) return { drawing: this.#gestures[0].before, live: null, tool: null };
    const { from, to, before, after, stroke, tool } = gesture;
    if (ms < to) return { drawing: before, live: begun(stroke, ms), tool: null };
    return { drawing: after, live: null, tool: tool && ms < from + PRESS_MS ? tool : null };
  }
}

function drawn(sheet, points) {
  const stroke = { width: PEN_WIDTH, points };
  sheet.commit([...sheet.present, stroke]);
  return { from: points[0][2], to: points.at(-1)[2], stroke };
}

function pressed(sheet, { at, tool }) {
  if (tool === "undo") sheet.undo();
  else sheet.commit([]);
  return { from: at, to: at, tool };
}

/** As much of a stroke as is drawn by then, to the very point where the pen is. */
function begun({ width, points }, ms) {
  const next = points.findIndex(([, , t]) => t > ms);
  const [a, b] = [points[next - 1], points[next]];
  return { width, points: [...points.slice(0, next), between(a, b, (ms - a[2]) / (b[2] - a[2]))] };
}
