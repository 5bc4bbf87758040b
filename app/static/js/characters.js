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

/** What a person calls one of an alphabet. The same as the macro `title_of` of the templates. */
export function titleOf(alphabet) {
  return { digit: "digit", character: "letter" }[alphabet] ?? "character";
}

/** “O” and “o” look and sound alike, and 0 among letters does, too. The same as the macro `name_of`. */
export function nameOf(character, alphabet) {
  if (/[A-Z]/.test(character)) return `capital ${character}`;
  if (/[a-z]/.test(character)) return `small ${character}`;
  return alphabet === "combined" ? `digit ${character}` : character;
}

/** As at the beginning of a sentence. */
export function capitalized(words) {
  return words[0].toUpperCase() + words.slice(1);
}
