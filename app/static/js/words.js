// The sentences of our scripts in the visitor's language. They are written in English; the page brings the others.

const words = JSON.parse(document.getElementById("words")?.textContent ?? "{}");

/** `_("%(n)s points", { n: 3 })`: the sentence in the language of the page, its places filled in. */
export function _(sentence, values = {}) {
  return (words[sentence] ?? sentence).replace(/%\((\w+)\)s/g, (_place, name) => values[name]);
}
