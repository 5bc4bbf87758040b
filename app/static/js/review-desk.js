// The samples of a page, one at a time: which is shown, and what became of each. It talks to no server.

const WAITING = ["new", "quarantined"];

export class ReviewDesk {
  #samples;
  #done = document.getElementById("all-done");
  current;

  constructor(root) {
    this.#samples = [...root.querySelectorAll(".sample")];
    root.classList.add("one-at-a-time");
    for (const link of document.querySelectorAll(".thumbs a")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        this.show(this.of(link.dataset.id));
      });
    }
    const wanted = this.of(location.hash.replace("#s-", ""));
    this.show(wanted ?? this.#samples.find(isOpen) ?? this.#samples[0], false);
  }

  of(id) {
    return this.#samples.find((sample) => sample.dataset.id === id);
  }

  /** Show one, and let a screen reader say which. */
  show(sample, takesFocus = true) {
    this.current = sample;
    this.#done.hidden = true;
    for (const each of this.#samples) each.hidden = each !== sample;
    for (const link of document.querySelectorAll(".thumbs a")) {
      link.toggleAttribute("aria-current", link.dataset.id === sample.dataset.id);
    }
    thumb(sample).scrollIntoView({ block: "nearest" });
    if (takesFocus) sample.focus({ preventScroll: true });
  }

  /** The next one, or with -1 the previous; stays at the ends. */
  step(by) {
    const next = this.#samples[this.#samples.indexOf(this.current) + by];
    if (next) this.show(next);
  }

  /** The next one that waits, after this one first; when there is none, that all is done. */
  goOn() {
    const at = this.#samples.indexOf(this.current);
    const next = [...this.#samples.slice(at + 1), ...this.#samples.slice(0, at)].find(isOpen);
    if (next) {
      this.show(next);
    } else {
      this.current.hidden = true;
      this.#done.hidden = false;
      this.#done.querySelector("a").focus();
    }
  }

  /** Note what became of a sample; `words` is the state in words. */
  note(sample, state, words) {
    count(sample.dataset.state, -1);
    count(state, 1);
    sample.dataset.state = state;
    sample.querySelector(".badge").textContent = words;
    sample.querySelector('[data-act="undo"]').hidden = isOpen(sample);
    thumb(sample).closest("li").dataset.state = state;
  }
}

export function thumb(sample) {
  return document.querySelector(`.thumbs a[data-id="${sample.dataset.id}"]`);
}

function isOpen({ dataset }) {
  return WAITING.includes(dataset.state);
}

/** One more or less of a state, at the top of the page. */
function count(state, by) {
  for (const each of WAITING.includes(state) ? [state, "waiting"] : [state]) {
    const number = document.querySelector(`.states [data-state="${each}"] .number`);
    number.textContent = Number(number.textContent) + by;
  }
}
