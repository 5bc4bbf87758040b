// The buttons beside the sheet.

/** Wire the tools in `root` to the pad and keep them true to it. */
export function wireToolbar(root, pad, onPredict) {
  const find = (id) => root.querySelector(`#${id}`);
  const tools = { pen: find("tool-pen"), eraser: find("tool-eraser") };

  const show = () => {
    for (const [tool, button] of Object.entries(tools)) button.setAttribute("aria-pressed", pad.tool === tool);
    find("undo").disabled = !pad.canUndo;
    find("redo").disabled = !pad.canRedo;
    find("clear").disabled = pad.isBlank;
  };

  for (const [tool, button] of Object.entries(tools)) {
    button.addEventListener("click", () => {
      pad.tool = tool;
      show();
    });
  }
  for (const action of ["undo", "redo", "clear"]) find(action).addEventListener("click", () => pad[action]());
  find("pen-width").addEventListener("input", (event) => {
    pad.penWidth = event.target.valueAsNumber;
  });
  find("predict").addEventListener("click", onPredict);
  pad.penWidth = find("pen-width").valueAsNumber; // a browser may restore the field of an earlier visit
  pad.addEventListener("change", show);
  show();
}
