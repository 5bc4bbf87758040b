// What an answer comes down to: a character, a letter whose case cannot be told, or nothing that can be read.

const OTHER_CASE_FROM = 0.25; // of the first candidate's probability; the same as in app/routes/upload.py

/**
 * {character, other, confidence, rejected}: `other` is the same letter in the other case where it is nearly as
 * likely, and `confidence` then that of the letter; else `other` is null.
 */
export function reading({ candidates: [best, second], confidence, rejected }) {
  const isSameLetter = best.character.toLowerCase() === second.character.toLowerCase();
  const isClose = second.probability >= OTHER_CASE_FROM * best.probability;
  const either = isSameLetter && isClose && !rejected;
  return {
    character: best.character,
    other: either ? second.character : null,
    confidence: either ? confidence + second.probability : confidence,
    rejected,
  };
}
