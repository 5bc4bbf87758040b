// Words for the characters of an alphabet.

const GROUPS = [
  ["Digits", /[0-9]/],
  ["Capital letters", /[A-Z]/],
  ["Small letters", /[a-z]/],
];

/** [[name, members], …]: the digits, the capitals and the small letters among `characters`. */
export function groupsOf(characters) {
  return GROUPS.map(([name, pattern]) => [name, characters.filter((each) => pattern.test(each))]).filter(
    ([, members]) => members.length > 0,
  );
}

/** “O” and “o” look and sound alike, so letters are named with their case. */
export function nameOf(character) {
  if (/[A-Z]/.test(character)) return `capital ${character}`;
  return /[a-z]/.test(character) ? `small ${character}` : character;
}
