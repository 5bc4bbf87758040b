// A share of 1 in honest words: nothing is ever 100 % or 0 %. The same as the macro `percent` of the templates.

const THIN_SPACE = "\u202f";

export function percent(share) {
  if (share >= 0.995) return `>${THIN_SPACE}99%`;
  if (share < 0.005) return `<${THIN_SPACE}1%`;
  return `${Math.round(share * 100)}%`;
}
