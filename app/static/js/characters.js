// Words for the characters of an alphabet.

import { _ } from "./words.js";

const GROUPS = [
  [_("Digits"), /[0-9]/],
  [_("Capital letters"), /[A-Z]/],
  [_("Small letters"), /[a-z]/],
];

/** [[name, members], …]: the digits, the capitals and the small letters among `characters`. */
export function groupsOf(characters) {
  return GROUPS.map(([name, pattern]) => [name, characters.filter((each) => pattern.test(each))]).filter(
    ([, members]) => members.length > 0,
  );
}

/** “O” and “o” look and sound alike, and 0 among letters does, too. The same as the macro `name_of`. */
export function nameOf(character, alphabet) {
  if (/[A-Z]/.test(character)) return _("capital %(letter)s", { letter: character });
  if (/[a-z]/.test(character)) return _("small %(letter)s", { letter: character });
  return alphabet === "combined" ? _("digit %(digit)s", { digit: character }) : character;
}

/** As at the beginning of a sentence. */
export function capitalized(words) {
  return words[0].toUpperCase() + words.slice(1);
}
