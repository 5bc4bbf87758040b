// Sends files one by one and hands on their pages, each as soon as it is read.

import { NoAnswer, Refusal } from "./server.js";
import { _ } from "./words.js";

const TOO_LARGE = 413;
const BUSY = 429;

/**
 * Yields `{number, pages, html}` for each page of one file; `body` is a FormData.
 * Throws Refusal, NoAnswer, or the reason why `signal` aborted. Where the server asks to wait, it waits.
 */
export async function* pagesOf(url, body, signal) {
  const response = await send(url, body, signal);
  let rest = "";
  let last = null;
  for await (const piece of decoded(response.body, signal)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    for (const line of lines) {
      last = pageFrom(line, signal);
      yield last;
    }
  }
  if (!last || (last.number < last.pages && !isFault(last))) throw noAnswer(null, signal); // it was cut off
}

function pageFrom(line, signal) {
  try {
    const { number, pages, html } = JSON.parse(line);
    return { number, pages, html };
  } catch (error) {
    throw noAnswer(error, signal);
  }
}

/** Whether a page tells what is wrong with its file; there is no picture then, and no more pages come. */
function isFault({ html }) {
  return new DOMParser().parseFromString(html, "text/html").querySelector(".page-picture") === null;
}

async function send(url, body, signal) {
  for (;;) {
    const response = await post(url, body, signal);
    if (response.ok) return response;
    if (response.status !== BUSY) throw await refusal(response, signal);
    await pause(Number(response.headers.get("Retry-After")) || 1, signal);
  }
}

/** Why the server did not take a file; what a proxy says of its own is in words for nobody. */
async function refusal(response, signal) {
  const body = await response.json().catch(() => null);
  if (signal.aborted) return signal.reason;
  if (body?.error?.message) return new Refusal(response.status, body.error);
  if (response.status !== TOO_LARGE) return noAnswer(null, signal);
  const message = _("This is larger than the server takes. Send a smaller one.");
  return new Refusal(TOO_LARGE, { code: "body_too_large", message });
}

async function post(url, body, signal) {
  try {
    return await fetch(url, { method: "POST", body, signal, headers: { Accept: "application/json" } });
  } catch (error) {
    throw noAnswer(error, signal);
  }
}

async function* decoded(stream, signal) {
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      yield value;
    }
  } catch (error) {
    throw noAnswer(error, signal);
  }
}

function noAnswer(error, signal) {
  return signal.aborted ? signal.reason : new NoAnswer(_("The server isn’t answering. Try again in a moment."), { cause: error });
}

function pause(seconds, signal) {
  return new Promise((resolve, reject) => {
    const timer = setTimeout(resolve, 1000 * seconds);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}
