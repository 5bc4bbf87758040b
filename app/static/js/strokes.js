// Strokes as data: geometry without a canvas. A stroke is {width, points}, a point [x, y, t, pressure], in canvas units
// with y downward and t in milliseconds. Strokes are never changed, only replaced.

export const SIZE = 280;
const SPACING = 0.5; // canvas units; points closer than this say nothing new
const GRAZE = 0.05; // canvas units; an eraser that touches less touches nothing

export const distance = (a, b) => Math.hypot(a[0] - b[0], a[1] - b[1]);

export const within = (value) => Math.min(SIZE, Math.max(0, value));

const tidy = (value) => Number(value.toFixed(2));

/** A point on the sheet: what is drawn beyond the edge stays at the edge, so that all ink is in sight. */
export function point(x, y, t = 0, pressure = 0.5) {
  return [tidy(within(x)), tidy(within(y)), Math.round(t), tidy(pressure)];
}

/** Append to the points of a stroke that is being drawn, unless `next` is too close to the last one to matter. */
export function append(points, next) {
  if (distance(points.at(-1), next) >= SPACING) points.push(next);
}

/** What the server reads: [[[x, y, t, pressure], …], …]. */
export function wire(strokes) {
  return strokes.map((stroke) => stroke.points);
}

/** SVG path data of a smooth line: quadratic curves from mid-point to mid-point; a tap is a dot. */
export function pathData(points) {
  const [[x, y], ...rest] = points;
  if (rest.length === 0) return `M${x} ${y}h0.01`;
  let path = `M${x} ${y}`;
  for (let i = 0; i < rest.length - 1; i += 1) {
    const [cx, cy] = rest[i];
    const [nx, ny] = rest[i + 1];
    path += `Q${cx} ${cy} ${(cx + nx) / 2} ${(cy + ny) / 2}`;
  }
  const [ex, ey] = rest.at(-1);
  return `${path}L${ex} ${ey}`;
}

/** `strokes` without the ink that a round eraser touches on its way from `from` to `to`; the same array if none. */
export function erased(strokes, from, to, radius) {
  const steps = Math.max(1, Math.ceil(distance(from, to) / (radius / 3)));
  let left = strokes;
  for (let i = 0; i <= steps; i += 1) {
    const centre = [from[0] + ((to[0] - from[0]) * i) / steps, from[1] + ((to[1] - from[1]) * i) / steps];
    left = erasedAt(left, centre, radius);
  }
  return left;
}

function erasedAt(strokes, centre, radius) {
  const left = strokes.flatMap((stroke) => pieces(stroke, centre, radius + stroke.width / 2));
  return left.length === strokes.length && left.every((stroke, i) => stroke === strokes[i]) ? strokes : left;
}

/** The parts of a stroke outside a circle, as strokes; the stroke itself when it lies outside. */
function pieces(stroke, centre, radius) {
  const { points, width } = stroke;
  if (points.length === 1) return distance(points[0], centre) < radius ? [] : [stroke];
  const runs = [[]];
  let isCut = false;
  for (let i = 0; i < points.length - 1; i += 1) {
    const inside = chord(points[i], points[i + 1], centre, radius);
    if (runs.at(-1).length === 0 && !(inside && inside[0] === 0)) runs.at(-1).push(points[i]);
    if (inside) {
      isCut = true;
      if (inside[0] > 0) runs.at(-1).push(between(points[i], points[i + 1], inside[0]));
      runs.push(inside[1] < 1 ? [between(points[i], points[i + 1], inside[1])] : []);
    }
    if (!(inside && inside[1] === 1)) runs.at(-1).push(points[i + 1]);
  }
  if (!isCut) return [stroke];
  return runs.filter((run) => length(run) > 1).map((run) => ({ width, points: run }));
}

/** Where the segment a–b enters and leaves a circle, as shares of its length; null when it stays outside. */
function chord(a, b, centre, radius) {
  const [dx, dy] = [b[0] - a[0], b[1] - a[1]];
  const [fx, fy] = [a[0] - centre[0], a[1] - centre[1]];
  const square = dx * dx + dy * dy;
  const half = fx * dx + fy * dy;
  const root = half * half - square * (fx * fx + fy * fy - radius * radius);
  if (root <= 0 || square === 0) return null;
  const enter = (-half - Math.sqrt(root)) / square;
  const leave = (-half + Math.sqrt(root)) / square;
  const inside = [Math.max(0, enter), Math.min(1, leave)];
  return (inside[1] - inside[0]) * Math.sqrt(square) > GRAZE ? inside : null;
}

/** The point at a share of the way from `a` to `b`. */
export function between(a, b, share) {
  const mix = (i) => (a[i] ?? 0) + ((b[i] ?? 0) - (a[i] ?? 0)) * share;
  return point(mix(0), mix(1), mix(2), a[3] ?? 0.5);
}

function length(points) {
  let sum = 0;
  for (let i = 1; i < points.length; i += 1) sum += distance(points[i - 1], points[i]);
  return sum;
}
