// A clock for scenes: which is on, how far it is, and whether it runs. It knows nothing of what they show.

const LONGEST_FRAME_MS = 100; // after a pause of the browser's own it goes on where it was

export class Player {
  #lengths;
  #show;
  #frame = 0;
  #time = null; // of the frame before
  scene = 0;
  at = 0; // ms into the scene
  isOver = false; // it played to the end

  /** `lengths` of the scenes in ms; `show()` is called for every frame and after every change. */
  constructor(lengths, show) {
    this.#lengths = lengths;
    this.#show = show;
  }

  get isPlaying() {
    return this.#frame !== 0;
  }

  /** How much of a scene has passed, from 0 to 1. */
  share(scene) {
    if (scene !== this.scene) return scene < this.scene ? 1 : 0;
    return this.at / this.#lengths[scene];
  }

  /** Go on; from the beginning when it is over, and from the scene's where one has stepped to a finished one. */
  play() {
    if (this.isPlaying) return;
    if (this.isOver) this.scene = 0;
    if (this.isOver || this.at === this.#lengths[this.scene]) this.at = 0;
    this.isOver = false;
    this.#time = null;
    this.#next();
    this.#show();
  }

  /** From the very beginning. */
  restart() {
    this.scene = 0;
    this.at = 0;
    this.isOver = false;
    if (this.isPlaying) this.#show();
    else this.play();
  }

  pause() {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    this.#show();
  }

  /** Go to a scene, within those there are: to its beginning while playing, else to what comes of it. */
  go(scene) {
    this.scene = Math.min(this.#lengths.length - 1, Math.max(0, scene));
    this.at = this.isPlaying ? 0 : this.#lengths[this.scene];
    this.isOver = false;
    this.#show();
  }

  #next() {
    this.#frame = requestAnimationFrame((time) => this.#tick(time));
  }

  #tick(time) {
    this.at += Math.min(LONGEST_FRAME_MS, time - (this.#time ?? time));
    this.#time = time;
    this.#next();
    if (this.at >= this.#lengths[this.scene]) this.#leave();
    else this.#show();
  }

  #leave() {
    if (this.scene + 1 < this.#lengths.length) {
      this.go(this.scene + 1);
    } else {
      this.at = this.#lengths[this.scene];
      this.isOver = true;
      this.pause();
    }
  }
}
