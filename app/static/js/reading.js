// What an answer comes down to: a character, a letter whose case cannot be told, or nothing that can be read.

/**
 * {character, other, confidence, rejected}: `other` is the same letter in the other case where that is nearly as
 * likely, and `confidence` then that of the letter; else `other` is null.
 */
export function reading({ candidates: [best], other_case: other, confidence, rejected }) {
  return {
    character: best.character,
    other: other?.character ?? null,
    confidence: confidence + (other?.probability ?? 0),
    rejected,
  };
}
