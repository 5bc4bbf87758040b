// What this browser keeps of a page from one visit to the next. Where storage is full or forbidden, nothing is kept.

/** The text that is kept under `key`; null where there is none, or none can be read. */
export function remembered(key) {
  try {
    return localStorage.getItem(key);
  } catch {
    return null; // forbidden: reading `localStorage` alone may throw
  }
}

/** Keep a text; whether it could be. */
export function remember(key, value) {
  try {
    localStorage.setItem(key, value);
    return true;
  } catch {
    return false; // full, or forbidden
  }
}
