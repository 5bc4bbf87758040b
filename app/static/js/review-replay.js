// A kept drawing, replayed stroke by stroke. No times are kept, so the pen goes at an even pace.

import { Player } from "./player.js";
import { Replay } from "./replay.js";
import { distance, pathData } from "./strokes.js";

const SVG = "http://www.w3.org/2000/svg";
const PACE = 0.35; // canvas units in a millisecond
const LIFT_MS = 180; // between two strokes

const players = new WeakMap(); // one for each drawing that was played

/** Play the drawing in `svg`, from its beginning. */
export function replay(svg) {
  if (!players.has(svg)) players.set(svg, playerOf(svg));
  players.get(svg).restart();
}

function playerOf(svg) {
  const recorded = timed(JSON.parse(svg.dataset.strokes).filter((stroke) => stroke.length > 0));
  const drawing = new Replay(recorded);
  const player = new Player([recorded.at(-1).points.at(-1)[2] + 1], () => paint(svg, drawing.at(player.at)));
  return player;
}

function timed(strokes) {
  let now = 0;
  return strokes.map((stroke) => {
    now += LIFT_MS;
    const points = stroke.map((point, i) => {
      if (i > 0) now += distance(stroke[i - 1], point) / PACE;
      return [...point, now];
    });
    return { points };
  });
}

function paint(svg, { drawing, live }) {
  const strokes = live ? [...drawing, live] : drawing;
  svg.replaceChildren(...strokes.map(({ points }) => line(points)));
}

function line(points) {
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", pathData(points));
  return path;
}
