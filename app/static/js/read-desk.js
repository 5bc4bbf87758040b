// Where a result is checked: from doubt to doubt with Tab, a key to say what it is, Enter when it is right.

import { Answers } from "./read-answers.js";
import { askOf, frameOf, Line, placeOf, receiptOf } from "./read-lines.js";
import { Server } from "./server.js";
import { _ } from "./words.js";

const CHARACTER = /^[0-9A-Za-z]$/;
const SIGNS = Array.from("./-,:'+()€$£");
const find = (id) => document.getElementById(id);

export class Desk {
  #pages = find("pages");
  #answers;
  #hadDoubts = false;
  #isUnsaved = false; // whether something was settled or edited that nobody has taken along

  constructor() {
    const { feedback, csrf } = this.#pages.dataset;
    const server = new Server({ feedback, csrf }, document.querySelector('#table input[name="csrf_token"]').value);
    this.#answers = new Answers((answer, options) => server.keep(answer, options), (words) => this.#complain(words));
    this.#pages.addEventListener("focusin", (event) => this.#open(event.target.closest("a.glyph")));
    this.#pages.addEventListener("keydown", (event) => this.#pressed(event));
    this.#pages.addEventListener("click", (event) => this.#clicked(event));
    this.#pages.addEventListener("submit", (event) => this.#submitted(event));
    this.#pages.addEventListener("change", (event) => this.#edited(event.target));
    find("copy").addEventListener("click", () => this.#copy());
    find("table").addEventListener("submit", () => {
      this.#isUnsaved = false;
    });
    addEventListener("beforeunload", (event) => this.#isUnsaved && event.preventDefault());
    this.#pages.classList.add("enhanced");
    this.#prepare();
  }

  get isEmpty() {
    return this.#pages.querySelector(".page") === null;
  }

  clear() {
    this.#pages.replaceChildren();
  }

  /** One more page. */
  add(html) {
    this.#pages.append(...new DOMParser().parseFromString(html, "text/html").body.children);
    this.#prepare();
  }

  /** A file of which nothing could be read: here, and in the table. */
  addProblem(name, words) {
    this.addNote(`${name}: ${words}`);
    this.#pages.append(hidden("place", JSON.stringify([name, 1, 0, null, 0, words])), hidden("text", ""));
  }

  addNote(words) {
    const note = document.createElement("p");
    note.className = "notice error";
    note.textContent = words;
    this.#pages.append(note);
  }

  /** From here the next Tab leads to the first doubtful character. */
  begin() {
    find("desk-help").hidden = this.#doubts().length === 0;
    find("copy").hidden = !navigator.clipboard; // there is none over plain HTTP
    find("desk-title").focus({ preventScroll: true });
  }

  #prepare() {
    for (const control of this.#pages.querySelectorAll(".ask button, .ask input")) control.tabIndex = -1;
    for (const button of this.#pages.querySelectorAll(".all-right")) {
      button.hidden = button.closest(".page").querySelector("a.doubtful") === null;
    }
    const [n, all] = [this.#doubts().length, this.#pages.querySelectorAll(".glyph").length];
    this.#hadDoubts ||= n > 0;
    const done = this.#hadDoubts ? _("Every doubtful character has been looked at.") : "";
    find("desk-doubts").textContent = n ? _("Doubtful: %(n)s of %(all)s characters", { n, all }) : done;
  }

  #doubts() {
    return this.#pages.querySelectorAll("a.doubtful");
  }

  #open(glyph) {
    if (!glyph) return;
    for (const open of this.#pages.querySelectorAll(".open")) open.classList.remove("open");
    for (const part of [glyph, askOf(glyph), frameOf(glyph.dataset.key)]) part?.classList.add("open");
  }

  #pressed(event) {
    const glyph = event.target.closest("a.glyph");
    if (event.key === "Enter" && event.target.name === "text") this.#toNextField(event);
    if (!glyph || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") askOf(glyph)?.classList.remove("open");
    const said = event.key === "Enter" ? glyph.firstChild.data : event.key;
    if (!CHARACTER.test(said) && !SIGNS.includes(said)) return;
    event.preventDefault();
    this.#settle(glyph, said);
  }

  #clicked(event) {
    const glyph = event.target.closest("a.glyph");
    if (glyph) {
      event.preventDefault();
      glyph.focus();
    } else if (event.target.matches("rect[data-key]")) {
      this.#show(find(`glyph-${event.target.dataset.key}`));
    } else if (event.target.closest(".all-right")) {
      for (const doubt of event.target.closest(".page").querySelectorAll("a.doubtful")) {
        this.#settle(doubt, doubt.firstChild.data);
      }
    }
  }

  /** A character that somebody pointed at on the picture: its question, or else its place in the field. */
  #show(glyph) {
    if (glyph?.matches("a")) glyph.focus();
    const field = glyph?.matches("span") && lineOf(glyph).field;
    if (!field) return;
    field.closest("details").open = true;
    field.focus();
    const at = placeOf(glyph);
    field.setSelectionRange(at, at + 1);
  }

  #submitted(event) {
    const ask = event.target.closest(".ask");
    const said = event.submitter?.value || event.target.elements.label.value;
    event.preventDefault();
    const glyph = find(ask.id.replace("ask", "glyph"));
    if (!glyph || !CHARACTER.test(said)) return;
    this.#settle(glyph, said);
    glyph.focus();
    ask.classList.remove("open");
  }

  /** Enter in a line takes it over, and goes on with the next; it does not send the table. */
  #toNextField(event) {
    const fields = [...this.#pages.querySelectorAll('input[name="text"]:not([type="hidden"])')];
    const next = fields[fields.indexOf(event.target) + 1];
    event.preventDefault();
    if (next) next.focus();
    else event.target.blur();
  }

  #edited(field) {
    if (field.name !== "text") return;
    this.#isUnsaved = true;
    const item = this.#pages.querySelector(`.line[data-line="${field.dataset.line}"]`);
    for (const [glyph, character] of new Line(item).takeOver()) this.#tell(glyph, character);
    this.#prepare();
  }

  #settle(glyph, character) {
    this.#isUnsaved = true;
    lineOf(glyph).settle(glyph, character);
    this.#tell(glyph, character);
    this.#prepare();
  }

  #tell(glyph, character) {
    if (CHARACTER.test(character)) this.#answers.tell(receiptOf(glyph), character);
  }

  async #copy() {
    const fields = document.querySelectorAll('input[name="text"]:not([type="hidden"])');
    await navigator.clipboard.writeText(Array.from(fields, (field) => field.value).join("\n"));
    this.#isUnsaved = false;
    find("copy").lastElementChild.textContent = _("Copied");
  }

  #complain(words) {
    find("desk-problem").textContent = words && _("A correction was not kept. %(reason)s", { reason: words });
    find("desk-problem").hidden = words === "";
  }
}

function hidden(name, value) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name, value });
  field.setAttribute("form", "table");
  return field;
}

function lineOf(glyph) {
  return new Line(glyph.closest(".line"));
}
