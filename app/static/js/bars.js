// Candidates as bars: the five best as buttons, and all of them in the alphabet's order.

import { groupsOf, nameOf } from "./characters.js";
import { percent } from "./percent.js";
import { _ } from "./words.js";

const NUM_BEST = 5;

/** Fill `list` with the best candidates of an alphabet; `onPick(character)` when one is tapped. */
export function showBest(list, template, alphabet, candidates, onPick) {
  const rows = candidates.slice(0, NUM_BEST).map((candidate) => {
    const row = bar(template, candidate);
    const button = row.querySelector("button");
    const name = nameOf(candidate.character, alphabet);
    button.setAttribute("aria-label", _("It is %(name)s (%(share)s)", { name, share: percent(candidate.probability) }));
    button.addEventListener("click", () => onPick(candidate.character));
    return row;
  });
  list.replaceChildren(...rows);
}

/** Fill `container` with one list a group of `characters`, every one with its share. */
export function showAll(container, template, characters, candidates) {
  const shares = new Map(candidates.map(({ character, probability }) => [character, probability]));
  const lists = groupsOf(characters).map(([name, members]) => list(name, members, template, shares));
  container.replaceChildren(...lists);
}

function list(name, members, template, shares) {
  const element = document.createElement("ul");
  element.className = "shares";
  element.setAttribute("aria-label", name);
  element.append(...members.map((each) => bar(template, { character: each, probability: shares.get(each) ?? 0 })));
  return element;
}

/** A filled copy of `template`: the character, its bar and its share. */
export function bar(template, { character, probability }) {
  const row = template.content.firstElementChild.cloneNode(true);
  row.querySelector(".bar-character").textContent = character;
  row.querySelector(".bar-share").textContent = percent(probability);
  row.querySelector("progress").value = probability;
  return row;
}
