// The canvas element as a surface in canvas units: sharp at any size, zoom and device-pixel ratio.

import { SIZE, pathData } from "./strokes.js";

export class Surface {
  #canvas;
  #context;
  #paint;
  #frame = 0;
  #paths = new WeakMap();

  /** `paint(surface)` is called whenever the picture has to be drawn anew. */
  constructor(canvas, paint) {
    this.#canvas = canvas;
    this.#context = canvas.getContext("2d");
    this.#paint = paint;
    new ResizeObserver(() => this.#fit()).observe(canvas);
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.refresh());
    this.#watchPixelRatio();
    this.#fit();
  }

  /** Client coordinates, as events have them, in canvas units. */
  toUnits(clientX, clientY) {
    const box = this.#canvas.getBoundingClientRect();
    return [((clientX - box.left) / box.width) * SIZE, ((clientY - box.top) / box.height) * SIZE];
  }

  /** Draw soon, once a frame however often it is asked for. */
  refresh() {
    this.#frame ||= requestAnimationFrame(() => this.paint());
  }

  /** Draw now. */
  paint() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#context.setTransform(1, 0, 0, 1, 0, 0);
    this.#context.clearRect(0, 0, this.#canvas.width, this.#canvas.height);
    this.#context.setTransform(this.#canvas.width / SIZE, 0, 0, this.#canvas.height / SIZE, 0, 0);
    this.#paint(this);
  }

  drawStrokes(strokes) {
    this.#pen();
    for (const stroke of strokes) {
      this.#context.lineWidth = stroke.width;
      this.#context.stroke(this.#path(stroke));
    }
  }

  /** A thin ring: the eraser, or the pen that the keyboard moves. */
  drawRing([x, y], radius) {
    this.#pen();
    this.#context.lineWidth = 1.5;
    this.#context.beginPath();
    this.#context.arc(x, y, radius, 0, 2 * Math.PI);
    this.#context.stroke();
  }

  #pen() {
    this.#context.strokeStyle = getComputedStyle(this.#canvas).color;
    this.#context.lineCap = "round";
    this.#context.lineJoin = "round";
  }

  #path(stroke) {
    if (!this.#paths.has(stroke)) this.#paths.set(stroke, new Path2D(pathData(stroke.points)));
    return this.#paths.get(stroke);
  }

  #fit() {
    const width = Math.round(this.#canvas.clientWidth * devicePixelRatio);
    const height = Math.round(this.#canvas.clientHeight * devicePixelRatio);
    if (width === 0 || (width === this.#canvas.width && height === this.#canvas.height)) return;
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.paint();
  }

  /** A window moved to another screen, or zoomed, has another ratio; each query tells of one change. */
  #watchPixelRatio() {
    const query = matchMedia(`(resolution: ${devicePixelRatio}dppx)`);
    const changed = () => {
      this.#watchPixelRatio();
      this.#fit();
    };
    query.addEventListener("change", changed, { once: true });
  }
}
