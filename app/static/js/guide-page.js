// The guide: wires the recorded scenes, the player's clock, the server and the stage together.

import { RECORDINGS } from "./demo-recordings.js";
import { Stage } from "./demo-stage.js";
import { capHeightOf } from "./guides.js";
import { Player } from "./player.js";
import { Questions } from "./questions.js";
import { Replay } from "./replay.js";
import { reading } from "./reading.js";
import { Server } from "./server.js";
import { wire } from "./strokes.js";
import { _ } from "./words.js";

const LABEL_MS = 900; // from "no" to the right character
const SEEN = 0.6; // of the stage in sight: it begins to play

const find = (id) => document.getElementById(id);
const less = matchMedia("(prefers-reduced-motion: reduce)");
const capHeight = capHeightOf(document.querySelector("#demo .guides"));
const scenes = Array.from(find("demo-transcript").children, scene);
const segments = Array.from(find("demo-progress").children);
const stage = new Stage(find("demo"));
const server = new Server({ recognize: find("demo").dataset.recognize });
const answers = new Map(); // by drawing
const questions = new Questions(({ drawing }, signal) => server.recognize(body(drawing), signal), {
  waiting: () => stage.waiting(),
  answered: keep,
  failed: (error) => stage.fail(error),
});
const player = new Player(
  scenes.map(({ ends }) => ends),
  show,
);
let shown = null; // the scene on the stage
let drawing = null; // the one that the answer on the stage is to
let isUntouched = true; // it may play by itself until somebody presses a button

function scene(item) {
  const [caption, picture] = Array.from(item.children, (each) => each.textContent);
  const recording = RECORDINGS[item.dataset.scene];
  return { caption, picture, ...recording, replay: new Replay(recording.gestures) };
}

function body(strokes) {
  const { alphabet, isGuided } = shown;
  return { alphabet, strokes: wire(strokes), ...(isGuided ? { cap_height: capHeight } : {}) };
}

/** Put the moment that the player is at on the stage: where less motion is wanted, what becomes of the scene. */
function show() {
  const now = scenes[player.scene];
  const ms = less.matches ? now.ends : player.at;
  if (now !== shown) open(now);
  const sheet = now.replay.at(ms);
  stage.show(sheet);
  if (sheet.drawing !== drawing) turnTo(sheet.drawing);
  stage.judge(verdict(ms));
  showControls();
}

function open(now) {
  shown = now;
  drawing = null;
  stage.set(now);
  stage.ask(Boolean(now.truth));
  find("demo-caption").textContent = now.caption;
  find("demo-number").textContent = player.scene + 1;
}

function turnTo(next) {
  drawing = next;
  questions.withdraw();
  if (next.length === 0) stage.empty();
  else if (answers.has(next)) stage.answer(answers.get(next), shown);
  else questions.putNow({ drawing: next });
}

function keep(answer, { drawing: asked }) {
  answers.set(asked, answer);
  stage.answer(answer, shown);
  show();
}

/** What is pressed by then: it depends on what the server said. Nothing is sent. */
function verdict(ms) {
  const answer = answers.get(drawing);
  const { truth, says } = shown;
  if (!truth || !answer || ms < says) return null;
  const { character, rejected } = reading(answer);
  if (character === truth && !rejected) return { said: "yes" };
  return { said: rejected ? "" : "no", label: ms < says + LABEL_MS ? "" : truth };
}

function showControls() {
  find("demo").classList.toggle("playing", player.isPlaying);
  const words = player.isPlaying ? _("Pause") : player.isOver ? _("Play again") : _("Play");
  if (find("demo-play-words").textContent !== words) find("demo-play-words").textContent = words;
  segments.forEach((segment, i) => {
    segment.value = less.matches ? Number(i <= player.scene) : player.share(i);
  });
}

function control(id, act) {
  find(id).addEventListener("click", () => {
    isUntouched = false;
    act();
  });
}

control("demo-play", () => (player.isPlaying ? player.pause() : player.play()));
control("demo-restart", () => (less.matches ? player.go(0) : player.restart()));
control("demo-previous", () => player.go(player.scene - 1));
control("demo-next", () => player.go(player.scene + 1));
less.addEventListener("change", () => (less.matches ? player.pause() : show()));

new IntersectionObserver(
  (entries) => {
    const { isIntersecting, intersectionRatio } = entries.at(-1);
    if (!isIntersecting) player.pause();
    else if (intersectionRatio >= SEEN && isUntouched && !less.matches && !player.isOver) player.play();
  },
  { threshold: [0, SEEN] },
).observe(find("demo-stage"));
show();
