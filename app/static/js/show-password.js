// Shows what is typed into a password field, and hides it again. The fields work without this.

for (const button of document.querySelectorAll(".show-password")) {
  const field = document.getElementById(button.getAttribute("aria-controls"));

  const show = (visible) => {
    field.type = visible ? "text" : "password";
    button.setAttribute("aria-pressed", String(visible));
  };

  button.hidden = false;
  button.addEventListener("click", () => show(field.type === "password"));
  field.form.addEventListener("submit", () => show(false)); // browsers offer to keep passwords, not texts
}
