// Keys that work anywhere on the drawing page, except where one types.

/** `actions` are {clear, undo, redo, debug}. */
export function wireShortcuts(actions) {
  document.addEventListener("keydown", (event) => {
    const action = event.defaultPrevented || isTyping(event.target) ? null : actionOf(event);
    if (!action) return;
    event.preventDefault();
    actions[action]();
  });
}

function actionOf(event) {
  const key = event.key.toLowerCase();
  const command = (event.ctrlKey || event.metaKey) && !event.altKey;
  const alt = event.altKey && !event.ctrlKey && !event.metaKey;
  // With Alt (Option) a Mac types other characters, so the place of the key counts too.
  if (key === "escape" || (alt && (key === "c" || event.code === "KeyC"))) return "clear";
  if (alt && (key === "d" || event.code === "KeyD")) return "debug";
  if (command && key === "z") return event.shiftKey ? "redo" : "undo";
  if (command && key === "y") return "redo";
  return null;
}

function isTyping(target) {
  return target instanceof HTMLInputElement && target.type === "text";
}
