// Upload, made comfortable: drop or paste a picture, and see it before it is sent. The form works without this.

const find = (id) => document.getElementById(id);
const form = find("upload");
const field = find("file");
const drop = find("drop");
const preview = find("preview");

function choose(files) {
  const pictures = Array.from(files).filter((file) => file.type.startsWith("image/"));
  if (pictures.length === 0) {
    complain("That isn’t a picture. Choose a PNG, JPEG, WebP, GIF or BMP file.");
    return;
  }
  const transfer = new DataTransfer();
  transfer.items.add(pictures[0]);
  field.files = transfer.files;
  show(pictures.length > 1 ? `${pictures[0].name} (the first of ${pictures.length})` : pictures[0].name);
}

/** Show what is in the field now; `words` name it. */
function show(words) {
  const [file] = field.files;
  URL.revokeObjectURL(preview.src);
  complain("");
  preview.hidden = !file;
  find("drop-words").hidden = Boolean(file);
  find("file-name").textContent = file ? words : "";
  if (file) preview.src = URL.createObjectURL(file);
  else preview.removeAttribute("src");
}

function complain(words) {
  find("file-problem").textContent = words;
  find("file-problem").hidden = words === "";
}

function highlight(event) {
  drop.classList.toggle("over", event.type === "dragover");
  event.preventDefault();
}

form.classList.add("enhanced");
for (const words of form.querySelectorAll(".with-script")) words.hidden = false;
field.addEventListener("change", () => show(field.files[0]?.name));
preview.addEventListener("error", () => {
  preview.hidden = true;
  find("drop-words").hidden = false;
  complain("Your browser can’t show this picture. You can still send it, or choose another.");
});
for (const type of ["dragover", "dragleave", "drop"]) document.addEventListener(type, highlight);
document.addEventListener("drop", (event) => choose(event.dataTransfer.files));
document.addEventListener("paste", (event) => {
  if (event.clipboardData.files.length > 0) choose(event.clipboardData.files);
});
if (field.files.length > 0) show(field.files[0].name); // kept by the browser when one comes back
