// An answer in words, the same wherever one is shown.

import { capitalized, nameOf, titleOf } from "./characters.js";
import { percent } from "./percent.js";
import { reading } from "./reading.js";

/**
 * {state, marks, sentence, note, spoken}: `marks` are the characters to show large, `spoken` goes before the sentence
 * for those who cannot see them. `isGuided` says whether the drawing was made between lines.
 */
export function wordsFor(answer, alphabet, isGuided) {
  const { character, other, confidence, rejected } = reading(answer);
  const sure = `${percent(confidence)} sure`;
  if (rejected) return refusal(rejected, alphabet);
  if (other) return either(character, other, alphabet, sure, isGuided);
  const spoken = `Read as ${nameOf(character, alphabet)}: `;
  return { state: "answered", marks: [character], sentence: sure, note: runnerUp(answer, alphabet), spoken };
}

/** Fill an element with one mark, or with two and “or” between them. */
export function showMarks(element, marks) {
  if (marks.length < 2) {
    element.replaceChildren(...marks);
    return;
  }
  const both = document.createElement("span");
  const or = document.createElement("small");
  or.textContent = " or ";
  both.append(marks[0], or, marks[1]);
  element.replaceChildren(both);
}

function refusal(reason, alphabet) {
  if (reason === "no_character") {
    return {
      state: "no-character",
      marks: ["–"],
      sentence: `This doesn’t look like one ${titleOf(alphabet)}`,
      note: "Draw one character, alone and large. If it is one, tell me which.",
    };
  }
  return {
    state: "rejected",
    marks: ["?"],
    sentence: "I can’t read this yet",
    note: "It might be one of these. Tap the right one, or draw on.",
  };
}

function either(character, other, alphabet, sure, isGuided) {
  const [likely, possible] = [character, other].map((each) => nameOf(each, alphabet));
  return {
    state: "answered",
    marks: [character, other],
    sentence: `${sure} of the letter`,
    note: isGuided
      ? `More likely ${likely}, but at this height it could be ${possible}.`
      : `One drawing alone can’t tell ${likely} from ${possible}. Lines to write between would help.`,
    spoken: `Read as ${character}, capital or small: `,
  };
}

function runnerUp({ candidates: [best, second] }, alphabet) {
  const name = nameOf(best.character, alphabet);
  const which = name === best.character ? "" : `${capitalized(name)}. `;
  const next = `Next best: ${nameOf(second.character, alphabet)}.`;
  return which + (best.probability < 0.995 ? next : "Nothing else comes close.");
}
