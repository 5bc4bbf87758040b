// A share of 1 in honest words, as the page's language writes it: nothing is ever 100 % or 0 %. The same as the macro
// `percent` of the templates.

const THIN_SPACE = "\u202f";

const whole = new Intl.NumberFormat(document.documentElement.lang, { style: "percent" });

export function percent(share) {
  const bound = share >= 0.995 ? `>${THIN_SPACE}` : share < 0.005 ? `<${THIN_SPACE}` : "";
  return bound + whole.format(Math.min(Math.max(share, 0.01), 0.99));
}
