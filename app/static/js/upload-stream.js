// Sends files one by one and hands on their pages, each as soon as it is read.

import { NoAnswer, Refusal } from "./server.js";
import { _ } from "./words.js";

const BUSY = 429;

/**
 * Yields `{number, pages, html}` for each page of one file; `body` is a FormData.
 * Throws Refusal, NoAnswer, or the reason why `signal` aborted. Where the server asks to wait, it waits.
 */
export async function* pagesOf(url, body, signal) {
  const response = await send(url, body, signal);
  let rest = "";
  for await (const piece of decoded(response.body, signal)) {
    const lines = (rest + piece).split("\n");
    rest = lines.pop();
    for (const line of lines) yield JSON.parse(line);
  }
}

async function send(url, body, signal) {
  for (;;) {
    const response = await post(url, body, signal);
    if (response.ok) return response;
    const { error } = await response.json();
    if (response.status !== BUSY) throw new Refusal(response.status, error);
    await pause(Number(response.headers.get("Retry-After")) || 1, signal);
  }
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
