// The last answers as small pictures; tapping one puts its strokes back on the sheet.

import { nameOf } from "./characters.js";
import { percent } from "./percent.js";
import { SIZE, pathData } from "./strokes.js";
import { _ } from "./words.js";

const SVG = "http://www.w3.org/2000/svg";

export function showRecent(list, entries, onPick) {
  list.replaceChildren(...entries.map((entry) => item(entry, onPick)));
}

function item(entry, onPick) {
  const button = document.createElement("button");
  button.type = "button";
  button.setAttribute("aria-label", _("Drawing read as %(words)s. Put it back on the sheet.", { words: words(entry) }));
  button.append(picture(entry.strokes), mark(entry), share(entry));
  button.addEventListener("click", () => onPick(entry));
  const row = document.createElement("li");
  row.append(button);
  return row;
}

function words({ alphabet, character, other, confidence, rejected }) {
  if (rejected) return rejected === "no_character" ? notOne(alphabet) : _("not readable");
  const names = (other ? [character, other] : [character]).map((each) => nameOf(each, alphabet));
  return `${names.join(` ${_("or")} `)}, ${_("%(share)s sure", { share: percent(confidence) })}`;
}

function notOne(alphabet) {
  if (alphabet === "digit") return _("not a digit");
  return alphabet === "character" ? _("not a letter") : _("not a character");
}

function mark({ character, other, rejected }) {
  if (rejected) return rejected === "no_character" ? "–" : "?";
  return other ? `${character} ${other}` : character;
}

function share({ alphabet, confidence, rejected }) {
  const small = document.createElement("small");
  const why = rejected === "no_character" ? notOne(alphabet) : _("unsure");
  small.textContent = rejected ? why : percent(confidence);
  return small;
}

function picture(strokes) {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", `0 0 ${SIZE} ${SIZE}`);
  svg.setAttribute("aria-hidden", "true");
  for (const { width, points } of strokes) {
    const path = document.createElementNS(SVG, "path");
    path.setAttribute("d", pathData(points));
    path.setAttribute("stroke-width", Math.max(width, 12));
    svg.append(path);
  }
  return svg;
}
