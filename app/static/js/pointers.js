// Mouse, touch and pen → the pad. One pointer draws at a time, and a palm never does.

const PEN_RECENT_MS = 5000; // while a pen is about, touch is a resting hand
const PALM_PX = 80; // a finger's contact is smaller
const PRIMARY = 0;
const PEN_ERASER = 5;

export class Pointers {
  #canvas;
  #pad;
  #active = null; // {id, type} of the pointer that draws
  #penSeenAt = -Infinity;

  constructor(canvas, pad) {
    this.#canvas = canvas;
    this.#pad = pad;
    const listen = (type, handler) => canvas.addEventListener(type, (event) => handler.call(this, event));
    listen("pointerdown", this.#down);
    listen("pointermove", this.#move);
    listen("pointerup", this.#up);
    listen("pointercancel", this.#cancel);
    listen("lostpointercapture", this.#up);
    listen("contextmenu", (event) => event.preventDefault()); // a long press
  }

  #down(event) {
    this.#notePen(event);
    const tool = this.#toolOf(event);
    if (!tool || this.#isRestingHand(event)) return;
    if (this.#active) {
      if (event.pointerType !== "pen" || this.#active.type !== "touch") return;
      this.#pad.cancel(); // the touch was the hand that holds this pen
    }
    event.preventDefault();
    this.#canvas.focus({ preventScroll: true, focusVisible: false });
    this.#active = { id: event.pointerId, type: event.pointerType };
    this.#capture(event.pointerId);
    this.#pad.begin(...this.#place(event), tool);
  }

  #move(event) {
    this.#notePen(event);
    if (event.pointerId !== this.#active?.id) return;
    if (event.buttons === 0) {
      this.#up(event); // it was lifted where the page could not see it
      return;
    }
    const coalesced = event.getCoalescedEvents?.() ?? [];
    for (const each of coalesced.length ? coalesced : [event]) this.#pad.extend(...this.#place(each));
  }

  #up(event) {
    this.#notePen(event);
    if (event.pointerId !== this.#active?.id) return;
    this.#active = null;
    this.#pad.end();
  }

  /** The system took the pointer away: it was a palm, or a gesture of its own. */
  #cancel(event) {
    if (event.pointerId !== this.#active?.id) return;
    this.#active = null;
    this.#pad.cancel();
  }

  #toolOf(event) {
    if (event.pointerType === "pen" && event.button === PEN_ERASER) return "eraser";
    return event.button === PRIMARY ? this.#pad.tool : null;
  }

  #isRestingHand(event) {
    if (event.pointerType !== "touch") return false;
    return event.timeStamp - this.#penSeenAt < PEN_RECENT_MS || Math.max(event.width, event.height) > PALM_PX;
  }

  #notePen(event) {
    if (event.pointerType === "pen") this.#penSeenAt = event.timeStamp;
  }

  /** Moves outside the sheet still belong to the stroke. A pointer that is already gone cannot be captured. */
  #capture(pointerId) {
    try {
      this.#canvas.setPointerCapture(pointerId);
    } catch (error) {
      if (error.name !== "NotFoundError") throw error;
    }
  }

  #place(event) {
    const [x, y] = this.#pad.surface.toUnits(event.clientX, event.clientY);
    return [x, y, event.timeStamp, event.pressure];
  }
}
