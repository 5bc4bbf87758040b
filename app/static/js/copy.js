// Copies a field's text. Without this the text can be selected.

for (const button of document.querySelectorAll("[data-copies]")) {
  const field = document.getElementById(button.dataset.copies);
  field.select();

  button.hidden = !navigator.clipboard; // there is none over plain HTTP
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(field.value);
    button.textContent = button.dataset.done;
    button.setAttribute("role", "status");
  });
}
