// Candidates as bars: the five best as buttons, and all of them in the alphabet's order.

import { percent } from "./percent.js";

const NUM_BEST = 5;
const GROUPS = [
  ["Digits", /[0-9]/],
  ["Capital letters", /[A-Z]/],
  ["Small letters", /[a-z]/],
];

/** Fill `list` with the best candidates; `onPick(character)` when one is tapped. */
export function showBest(list, template, candidates, onPick) {
  const rows = candidates.slice(0, NUM_BEST).map((candidate) => {
    const row = filled(template, candidate);
    const button = row.querySelector("button");
    button.setAttribute("aria-label", `It is “${candidate.character}” (${percent(candidate.probability)})`);
    button.addEventListener("click", () => onPick(candidate.character));
    return row;
  });
  list.replaceChildren(...rows);
}

/** Fill `container` with one list a group of `characters`, every one with its share. */
export function showAll(container, template, characters, candidates) {
  const shares = new Map(candidates.map(({ character, probability }) => [character, probability]));
  const lists = GROUPS.map(([name, pattern]) => [name, characters.filter((each) => pattern.test(each))])
    .filter(([, members]) => members.length > 0)
    .map(([name, members]) => group(name, members, template, shares));
  container.replaceChildren(...lists);
}

function group(name, members, template, shares) {
  const list = document.createElement("ul");
  list.className = "shares";
  list.setAttribute("aria-label", name);
  list.append(...members.map((character) => filled(template, { character, probability: shares.get(character) ?? 0 })));
  return list;
}

function filled(template, { character, probability }) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.querySelector(".bar-character").textContent = character;
  row.querySelector(".bar-share").textContent = percent(probability);
  row.querySelector("progress").value = probability;
  return row;
}
