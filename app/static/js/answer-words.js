// An answer in words, the same wherever one is shown.

import { capitalized, nameOf } from "./characters.js";
import { percent } from "./percent.js";
import { reading } from "./reading.js";
import { _ } from "./words.js";

/**
 * {state, marks, sentence, note, spoken}: `marks` are the characters to show large, `spoken` goes before the sentence
 * for those who cannot see them. `isGuided` says whether the drawing was made between lines.
 */
export function wordsFor(answer, alphabet, isGuided) {
  const { character, other, confidence, rejected } = reading(answer);
  if (rejected) return refusal(rejected, alphabet);
  const share = percent(confidence);
  if (other) return either(character, other, alphabet, share, isGuided);
  const spoken = `${_("Read as %(name)s:", { name: nameOf(character, alphabet) })} `;
  const sentence = _("%(share)s sure", { share });
  return { state: "answered", marks: [character], sentence, note: runnerUp(answer, alphabet), spoken };
}

/** Fill an element with one mark, or with two and “or” between them. */
export function showMarks(element, marks) {
  if (marks.length < 2) {
    element.replaceChildren(...marks);
    return;
  }
  const both = document.createElement("span");
  const or = document.createElement("small");
  or.textContent = ` ${_("or")} `;
  both.append(marks[0], or, marks[1]);
  element.replaceChildren(both);
}

function refusal(reason, alphabet) {
  if (reason === "no_character") {
    return {
      state: "no-character",
      marks: ["–"],
      sentence: notOne(alphabet),
      note: _("Draw one character, alone and large. If it is one, tell me which."),
    };
  }
  return {
    state: "rejected",
    marks: ["?"],
    sentence: _("I can’t read this yet"),
    note: _("It might be one of these. Tap the right one, or draw on."),
  };
}

function notOne(alphabet) {
  if (alphabet === "digit") return _("This doesn’t look like one digit");
  if (alphabet === "character") return _("This doesn’t look like one letter");
  return _("This doesn’t look like one character");
}

function either(character, other, alphabet, share, isGuided) {
  const [likely, possible] = [character, other].map((each) => nameOf(each, alphabet));
  return {
    state: "answered",
    marks: [character, other],
    sentence: _("%(share)s sure of the letter", { share }),
    note: isGuided
      ? _("More likely %(likely)s, but at this height it could be %(possible)s.", { likely, possible })
      : _("One drawing alone can’t tell %(likely)s from %(possible)s. Lines to write between would help.", { likely, possible }),
    spoken: `${_("Read as %(letter)s, capital or small:", { letter: character })} `,
  };
}

function runnerUp({ candidates: [best, second] }, alphabet) {
  const name = nameOf(best.character, alphabet);
  const which = name === best.character ? "" : `${capitalized(name)}. `;
  const next = _("Next best: %(name)s.", { name: nameOf(second.character, alphabet) });
  return which + (best.probability < 0.995 ? next : _("Nothing else comes close."));
}
