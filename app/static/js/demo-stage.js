// The stage of the demonstration: sheet, answer and what is pressed. It knows its elements, no clock and no server.

import { showMarks, wordsFor } from "./answer-words.js";
import { bar } from "./bars.js";
import { Surface } from "./surface.js";
import { _ } from "./words.js";

const NUM_BARS = 3;
const PEN_RADIUS = 9; // canvas units
const NOTHING = { state: "empty", marks: [], sentence: _("Nothing to read yet"), note: _("The answer follows each stroke.") };

export class Stage {
  #root;
  #surface;
  #sheet = { drawing: [], live: null, tool: null };

  constructor(root) {
    this.#root = root;
    this.#surface = new Surface(this.#find("canvas"), (surface) => this.#draw(surface));
    this.empty();
  }

  /** Another scene: the paper, and in words what is drawn on it. */
  set({ isGuided, picture }) {
    this.#find(".guides").toggleAttribute("hidden", !isGuided);
    this.#find("canvas").setAttribute("aria-label", picture);
  }

  /** What a replay says is on the sheet. */
  show(sheet) {
    const isStill = sheet.drawing === this.#sheet.drawing && !sheet.live && !this.#sheet.live;
    this.#sheet = sheet;
    if (!isStill) this.#surface.refresh();
    for (const tool of this.#root.querySelectorAll("[data-tool]")) tool.hidden = tool.dataset.tool !== sheet.tool;
  }

  empty() {
    this.#say(NOTHING, []);
  }

  waiting() {
    this.#find(".answer").setAttribute("aria-busy", "true");
  }

  answer(answer, { alphabet, isGuided }) {
    this.#say(wordsFor(answer, alphabet, isGuided), answer.candidates.slice(0, NUM_BARS));
  }

  /** There is no answer, and this is why. */
  fail({ message }) {
    const note = _("%(why)s None is made up; the drawing goes on.", { why: message });
    this.#say({ state: "problem", marks: ["!"], sentence: _("No answer just now"), note }, []);
  }

  /** `verdict` is {said, label}: what is pressed of "yes" and "no", and the character then told; null for nothing. */
  judge(verdict) {
    const [said, label] = [verdict?.said ?? "", verdict?.label ? _("It is a %(letter)s", { letter: verdict.label }) : ""];
    this.#find(".demo-verdict").dataset.said = said;
    if (this.#find(".demo-label").textContent !== label) this.#find(".demo-label").textContent = label;
  }

  /** Whether one is asked if the answer is right. */
  ask(isAsked) {
    this.#find(".demo-verdict").classList.toggle("asked", isAsked);
  }

  #say({ state, marks, sentence, note }, candidates) {
    const panel = this.#find(".answer");
    panel.setAttribute("aria-busy", "false");
    panel.dataset.state = state;
    showMarks(this.#find(".answer-character"), marks);
    this.#find(".answer-sentence").textContent = sentence;
    this.#find(".answer-note").textContent = note;
    this.#find(".bars").replaceChildren(...candidates.map((each) => bar(this.#find("template"), each)));
  }

  #draw(surface) {
    const { drawing, live } = this.#sheet;
    surface.drawStrokes(drawing);
    if (!live) return;
    surface.drawStrokes([live]);
    surface.drawRing(live.points.at(-1), PEN_RADIUS);
  }

  #find(selector) {
    return this.#root.querySelector(selector);
  }
}
