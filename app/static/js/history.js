// Undo and redo over values that are never changed, only replaced.

export class History {
  #past = [];
  #future = [];

  constructor(present) {
    this.present = present;
  }

  /** Go on to `next`; what had been undone is gone. */
  commit(next) {
    this.#past.push(this.present);
    this.#future = [];
    this.present = next;
  }

  undo() {
    if (!this.canUndo) return false;
    this.#future.push(this.present);
    this.present = this.#past.pop();
    return true;
  }

  redo() {
    if (!this.canRedo) return false;
    this.#past.push(this.present);
    this.present = this.#future.pop();
    return true;
  }

  get canUndo() {
    return this.#past.length > 0;
  }

  get canRedo() {
    return this.#future.length > 0;
  }
}
