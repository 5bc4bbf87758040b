// Offers to take over the drawings that this browser remembers from before somebody signed in.

import { Refusal, Server } from "./server.js";
import { wire } from "./strokes.js";

/** Wire the offer, where the page has one; `onTaken()` when the drawings are on somebody's pages. */
export function offerImport(recent, onTaken = () => {}) {
  const panel = document.getElementById("import-offer");
  if (!panel || recent.unclaimed.length === 0) return;
  const find = (id) => panel.querySelector(`#${id}`);
  const { token, failed, ...urls } = panel.dataset;
  const server = new Server(urls, token);

  async function take() {
    find("import-take").disabled = true;
    try {
      const { message } = await server.take(recent.unclaimed.map(body));
      recent.claim();
      say(message);
      find("import-choice").hidden = true;
      find("import-show").hidden = false;
      find("import-show").firstElementChild.focus();
      onTaken();
    } catch (error) {
      say(error instanceof Refusal ? error.message : failed);
      find("import-take").disabled = false;
    }
  }

  function say(words) {
    find("import-note").textContent = words;
  }

  panel.hidden = false;
  find("import-take").addEventListener("click", take);
  find("import-leave").addEventListener("click", () => {
    recent.claim();
    panel.hidden = true;
  });
}

function body({ alphabet, strokes, capHeight, label }) {
  const height = capHeight ? { cap_height: capHeight } : {};
  return { alphabet, strokes: wire(strokes), ...height, ...(label ? { label } : {}) };
}
