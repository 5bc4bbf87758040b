// How one text became another: characters changed in place, or moved because some were put in and others taken out.

const CHANGED = 1;
const MOVED = 0.999; // a character put in or taken out; by so little less that where both explain it, it is a shift

/** Whether putting in and taking out explains `after`, of the same length, as well as changing characters in place. */
export function isShift(before, after) {
  const inPlace = before.split("").filter((character, at) => character !== after[at]).length;
  return distance(before, after) < inPlace * CHANGED;
}

/** What the cheapest way from one text to the other costs (Wagner and Fischer, 1974). */
function distance(before, after) {
  let row = Array.from({ length: after.length + 1 }, (_none, column) => column * MOVED);
  for (const character of before.split("")) {
    const above = row;
    row = [above[0] + MOVED];
    for (const [column, other] of after.split("").entries()) {
      const across = above[column] + (character === other ? 0 : CHANGED);
      row.push(Math.min(across, above[column + 1] + MOVED, row[column] + MOVED));
    }
  }
  return row.at(-1);
}
