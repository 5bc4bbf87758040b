// The drawing page: wires the pad, the questions to the server and the views of the answer together.

import { AnswerView } from "./answer-view.js";
import { Connection } from "./connection.js";
import { FeedbackView } from "./feedback-view.js";
import { Guides } from "./guides.js";
import { HandView } from "./hand-view.js";
import { offerImport } from "./import-offer.js";
import { Keeping } from "./keeping.js";
import { KeyboardPen } from "./keyboard-pen.js";
import { Pad } from "./pad.js";
import { Pointers } from "./pointers.js";
import { Questions } from "./questions.js";
import { Recent } from "./recent.js";
import { reading } from "./reading.js";
import { showRecent } from "./recent-view.js";
import { NoAnswer, Server } from "./server.js";
import { wireShortcuts } from "./shortcuts.js";
import { wire } from "./strokes.js";
import { wireToolbar } from "./toolbar.js";
import { _ } from "./words.js";

const CONNECTION_WORDS = {
  online: _("Online"),
  offline: _("You’re offline. Draw on: I’ll read it when you’re back."),
  down: _("The server isn’t answering. Trying again …"),
};

const find = (id) => document.getElementById(id);
const { alphabet, characters: spelling, ...urls } = find("main").dataset;
const characters = Array.from(spelling);

const canvas = find("pad");
const pad = new Pad(canvas);
const server = new Server(urls, document.querySelector('meta[name="csrf-token"]').content);
const connection = new Connection(() => server.isUp());
const recent = new Recent();
const keeping = new Keeping(urls.remember ? (receipt) => server.remember(receipt) : null);
const hand = new HandView(find("hand"), (url) => server.turnHand(url), handTurned);
const guides = new Guides(document.querySelector(".guides"), find("lines"));
const feedback = new FeedbackView(find("feedback"), alphabet, characters, { keep, startOver, backToPad });
const view = new AnswerView(find("answer"), alphabet, characters, (character) => feedback.pick(character));
const questions = new Questions((asked, signal) => server.recognize(body(asked), signal), {
  waiting: () => view.waiting(),
  answered: showAnswer,
  failed: showFailure,
});
let drawingId = Date.now(); // one entry among the recent answers for each drawing, however often it is read
let isAnswered = false;
let shown = null; // the drawing whose answer is on show, its strokes, and the best candidate

function body({ strokes, capHeight }) {
  const height = capHeight === null ? {} : { cap_height: capHeight };
  return { alphabet, strokes: wire(strokes), ...height, ...hand.question, debug: find("debug-toggle").checked };
}

function question() {
  return { id: drawingId, strokes: pad.strokes, capHeight: guides.capHeight };
}

function ask() {
  if (pad.isBlank) {
    view.problem(_("The sheet is empty"), _("Draw something first."));
  } else if (connection.state === "online") {
    questions.putNow(question());
  } else {
    showUnreachable();
    connection.look();
  }
}

function showAnswer(answer, { id, strokes, capHeight }) {
  isAnswered = true;
  view.show(answer, capHeight !== null);
  hand.show(answer);
  feedback.ask(answer);
  recent.put({ id, alphabet, ...reading(answer), strokes, capHeight, isClaimed: keeping.isOn });
  keeping.read(answer.receipt, strokes);
  shown = { id, strokes, best: answer.candidates[0].character };
  showRecentAnswers();
}

function showFailure(error) {
  if (error instanceof NoAnswer) {
    showUnreachable();
    connection.failed();
  } else {
    feedback.ask(null);
    view.problem(error.message, _("Your drawing is still here. Press Predict to try again."));
  }
}

function showUnreachable() {
  isAnswered = false;
  feedback.ask(null);
  view.problem(_("No answer yet"), _("Your drawing is safe. I’ll ask again as soon as the server is back."));
}

async function keep(verdict) {
  const { id, strokes, best } = shown;
  try {
    const kept = await server.keep(verdict);
    if (pad.strokes === strokes) pad.settle();
    view.settle(verdict.receipt);
    hand.kept(kept);
    recent.judge(id, verdict.label ?? best);
    keeping.knows(strokes); // the server has kept it with the answer
    return kept;
  } catch (error) {
    if (error instanceof NoAnswer) connection.failed();
    throw error;
  }
}

function startOver() {
  pad.clear();
  backToPad();
}

/** All of the sheet in sight, and the keyboard's pen at hand. */
function backToPad() {
  canvas.focus({ preventScroll: true });
  canvas.scrollIntoView({ block: "nearest" });
}

function handTurned() {
  if (!pad.isBlank) ask();
  backToPad();
}

function showRecentAnswers() {
  showRecent(find("recent"), recent.entries, putBack);
  find("recent-empty").hidden = recent.entries.length > 0;
  find("forget").hidden = recent.entries.length === 0;
}

function putBack({ strokes, isClaimed }) {
  keeping.finish();
  if (isClaimed) keeping.knows(strokes);
  drawingId = Date.now();
  pad.load(strokes);
}

function padChanged() {
  find("pad-hint").hidden = !pad.isBlank;
  if (pad.isBlank) {
    keeping.finish();
    drawingId = Date.now();
    isAnswered = false;
    questions.withdraw();
    view.empty();
    feedback.ask(null);
  } else if (connection.state === "online") {
    questions.put(question);
  } else {
    showUnreachable();
  }
}

pad.addEventListener("begin", () => find("pad-hint").setAttribute("hidden", ""));
pad.addEventListener("anew", () => {
  drawingId = Date.now();
});
pad.addEventListener("change", padChanged);
connection.addEventListener("change", () => {
  find("connection").dataset.state = connection.state;
  find("connection-words").textContent = CONNECTION_WORDS[connection.state];
  if (connection.state === "online" && !isAnswered && !pad.isBlank) ask();
});
find("debug-toggle").addEventListener("change", (event) => {
  find("debug").hidden = !event.target.checked;
  if (event.target.checked && !pad.isBlank) ask();
});
guides.addEventListener("change", () => pad.isBlank || ask());
find("forget").addEventListener("click", () => {
  recent.forget();
  showRecentAnswers();
});
canvas.addEventListener("keydown", (event) => event.key === "Enter" && ask());

new Pointers(canvas, pad);
new KeyboardPen(canvas, pad, (words) => {
  find("pad-status").textContent = words;
});
wireToolbar(document.querySelector(".toolbar"), pad, ask);
wireShortcuts({
  clear: startOver,
  undo: () => pad.undo(),
  redo: () => pad.redo(),
  debug: () => find("debug-toggle").click(),
});
find("debug").hidden = !find("debug-toggle").checked;
offerImport(recent);
showRecentAnswers();
