// Upload, made comfortable: drop or paste files, see them before they are sent, and watch long documents being read.
// The form works without this.

import { Desk } from "./read-desk.js";
import { ChosenFiles } from "./upload-files.js";
import { pagesOf } from "./upload-stream.js";
import { _ } from "./words.js";

const find = (id) => document.getElementById(id);
const form = find("upload");
const files = new ChosenFiles();
let desk = null;

function highlight(event) {
  find("drop").classList.toggle("over", event.type === "dragover");
  event.preventDefault();
}

/** Read file after file, the link last, and show every page when it comes. */
async function readAll() {
  desk ??= new Desk();
  desk.clear();
  const link = find("link").value.trim();
  const parts = [...files.files, ...(link ? [null] : [])];
  const stop = new AbortController();
  const problems = [];
  find("again").search = chosen();
  show("progress");
  find("cancel").addEventListener("click", () => stop.abort(), { once: true });
  for (const [number, file] of parts.entries()) {
    const name = file?.name ?? link;
    try {
      await readOne(file, name, { number, all: parts.length }, stop.signal);
    } catch (error) {
      if (stop.signal.aborted) {
        const rest = parts.slice(number).map((part) => part?.name ?? link);
        desk.addNote(_("You cancelled. Not read to the end: %(names)s", { names: rest.join(", ") }));
        break;
      }
      problems.push(`${name}: ${error.message}`);
      desk.addProblem(name, error.message);
    }
  }
  finish(problems);
}

async function readOne(file, name, { number, all }, signal) {
  const body = new FormData(form);
  body.delete("file");
  if (file) {
    body.append("file", file);
    body.delete("link");
  }
  body.set("part", number);
  progress(_("Reading %(name)s …", { name }), number / all);
  for await (const page of pagesOf(form.dataset.stream, body, signal)) {
    desk.add(page.html);
    find("result").hidden = false;
    const words = _("%(name)s: page %(number)s of %(pages)s is read", { ...page, name });
    progress(words, (number + page.number / page.pages) / all);
  }
}

function progress(words, share) {
  find("progress-words").textContent = words;
  find("progress-bar").value = share;
}

function finish(problems) {
  find("progress").hidden = true;
  if (desk.isEmpty) {
    show("ask");
    files.complain(problems.join(" "));
    return;
  }
  desk.begin();
}

/** What the form says is written there, as part of an address. */
function chosen() {
  const said = [...new FormData(form)].filter(([name, value]) => ["expect", "mask", "check"].includes(name) && value);
  return new URLSearchParams(said).toString();
}

/** The form goes while something is read, and comes back when nothing was. */
function show(part) {
  find("ask").hidden = part !== "ask";
  find("progress").hidden = part !== "progress";
  find(part === "progress" ? "cancel" : "send").focus();
}

form.classList.add("enhanced");
for (const words of form.querySelectorAll(".with-script")) words.hidden = false;
const sendWords = find("send").textContent;
form.addEventListener("submit", (event) => {
  const large = files.tooLarge(Number(form.dataset.maxBytes));
  if (large) {
    event.preventDefault();
    files.complain(large);
    return;
  }
  if (!files.isLong) {
    find("send").textContent = _("Reading …");
    return;
  }
  event.preventDefault();
  readAll();
});
addEventListener("pageshow", () => {
  find("send").textContent = sendWords; // when one comes back
});
for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, highlight);
document.addEventListener("drop", (event) => files.add(event.dataTransfer.files));
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length > 0) files.add(event.clipboardData.files);
});
