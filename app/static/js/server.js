// Asks the server in JSON, with retries and a fresh token. upload-stream.js and review-page.js send their forms themselves.

import { _ } from "./words.js";

const TIMEOUT_MS = 5000;
const RETRY_AFTER_MS = [250, 750];

/** The server answered, and said why not: `code` and `status` are for programs, the message for people. */
export class Refusal extends Error {
  constructor(status, { code, message }) {
    super(message);
    Object.assign(this, { name: "Refusal", status, code });
  }
}

/** Nothing that makes sense came back: no network, no server, or not in time. */
export class NoAnswer extends Error {
  name = "NoAnswer";
}

export class Server {
  #urls;
  #token;

  /** `urls` are those of {recognize, feedback, csrf, health, remember, take} that are needed; `token` is the page's. */
  constructor(urls, token) {
    this.#urls = urls;
    this.#token = token;
  }

  /** Read a drawing. A signal that aborts ends the wait, the retries too. */
  recognize(question, signal) {
    return withRetries(() => call(this.#urls.recognize, post(question), signal), signal);
  }

  /** Keep what a person says about an answer; asking twice does no harm, a receipt counts once. */
  keep(answer, options) {
    return this.#change(this.#urls.feedback, answer, options);
  }

  /** Learn a hand, begin anew, or forget it, as the address says; promises {note}, null when none is learned. */
  turnHand(url) {
    return this.#change(url, {});
  }

  /** Keep a finished drawing on the pages of whoever is signed in; the request outlives the page. */
  remember(receipt) {
    return this.#change(this.#urls.remember, { receipt }, { keepalive: true });
  }

  /** Take over drawings from before somebody signed in; twice is once. */
  take(drawings) {
    return this.#change(this.#urls.take, { drawings });
  }

  /** Whether the server is there. */
  isUp() {
    return call(this.#urls.health, { cache: "no-store" }).then(
      () => true,
      () => false,
    );
  }

  /** Post what changes something; once more with a fresh token where the page's has expired. */
  async #change(url, body, options = {}) {
    const attempt = () => call(url, { ...post(body, { "X-CSRFToken": this.#token }), ...options });
    try {
      return await withRetries(attempt);
    } catch (error) {
      if (error.code !== "csrf_failed") throw error;
      this.#token = (await call(this.#urls.csrf, { headers: { Accept: "application/json" } })).csrf_token;
      return withRetries(attempt);
    }
  }
}

function post(body, headers = {}) {
  const types = { "Content-Type": "application/json", Accept: "application/json" };
  return { method: "POST", headers: { ...types, ...headers }, body: JSON.stringify(body) };
}

/** Once, and twice more when it may help: no answer, or a fault of the server's. */
async function withRetries(attempt, signal) {
  for (const pause of RETRY_AFTER_MS) {
    try {
      return await attempt();
    } catch (error) {
      if (!(error instanceof NoAnswer) && !(error.status >= 500)) throw error;
    }
    await new Promise((resolve) => setTimeout(resolve, pause));
    signal?.throwIfAborted();
  }
  return attempt();
}

/** One request and its JSON. Throws Refusal, NoAnswer, or the reason why `signal` aborted. */
async function call(url, options, signal) {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), TIMEOUT_MS);
  const abort = () => limit.abort();
  signal?.addEventListener("abort", abort);
  try {
    return await read(await fetch(url, { ...options, signal: limit.signal }));
  } catch (error) {
    signal?.throwIfAborted();
    if (error instanceof Refusal) throw error;
    throw new NoAnswer(_("The server isn’t answering. Try again in a moment."), { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener("abort", abort);
  }
}

async function read(response) {
  const body = await response.json();
  if (response.ok) return body;
  if (!body.error?.message) throw new NoAnswer(`The server answered ${response.status}.`);
  throw new Refusal(response.status, body.error);
}
