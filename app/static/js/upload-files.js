// The files that are chosen, dropped, pasted or photographed, and how they look before they are sent.

import { _ } from "./words.js";

const TYPES = /^(image\/|application\/pdf$)/;
const find = (id) => document.getElementById(id);

export class ChosenFiles {
  #field = find("file");
  #preview = find("preview");

  constructor() {
    this.#field.addEventListener("change", () => this.#take(this.files));
    this.#preview.addEventListener("error", () => this.#complainOfPreview());
    find("camera").addEventListener("change", (event) => {
      this.add(event.target.files);
      event.target.value = "";
    });
    this.#show(); // what the browser kept when one comes back
  }

  get files() {
    return Array.from(this.#field.files);
  }

  /** Whether reading takes so long that one wants to see how far it is. */
  get isLong() {
    return this.files.length > 1 || this.files.some((file) => file.type === "application/pdf");
  }

  /** What is wrong where a file is larger than `most` bytes, of which 0 is any number; "" where none is. */
  tooLarge(most) {
    const large = this.files.find((file) => most && file.size > most);
    const size = Math.floor(most / 2 ** 20);
    return large ? _("%(name)s is larger than %(size)s MB. Send a smaller one.", { name: large.name, size }) : "";
  }

  /** Take more files. */
  add(files) {
    this.#take([...this.files, ...files]);
  }

  /** Have these files; others than pictures and PDFs are refused. */
  #take(files) {
    const transfer = new DataTransfer();
    const others = files.filter((file) => !TYPES.test(file.type)).map((file) => file.name);
    for (const file of files) if (TYPES.test(file.type)) transfer.items.add(file);
    this.#field.files = transfer.files;
    this.#show();
    if (others.length > 0) {
      const words = { names: others.join(", ") };
      this.complain(_("No picture and no PDF: %(names)s. Choose PNG, JPEG, WebP, GIF, BMP or PDF files.", words));
    }
  }

  #show() {
    const files = this.files;
    this.complain("");
    this.#showPicture(files.length === 1 && files[0].type.startsWith("image/") ? files[0] : null);
    find("file-name").textContent = nameOf(files);
    find("file-list").hidden = files.length < 2;
    find("file-list").replaceChildren(...files.map((file, number) => this.#item(file, number)));
  }

  #showPicture(file) {
    URL.revokeObjectURL(this.#preview.src);
    this.#preview.hidden = !file;
    find("drop-words").hidden = Boolean(file);
    if (file) this.#preview.src = URL.createObjectURL(file);
    else this.#preview.removeAttribute("src");
  }

  #item(file, number) {
    const item = document.createElement("li");
    const remove = document.createElement("button");
    remove.type = "button";
    remove.className = "button small quiet";
    remove.textContent = _("Remove");
    remove.setAttribute("aria-label", _("Remove %(name)s", { name: file.name }));
    remove.addEventListener("click", () => this.#take(this.files.filter((_file, other) => other !== number)));
    const name = document.createElement("span");
    name.textContent = file.name;
    item.append(thumbnail(file), name, remove);
    return item;
  }

  #complainOfPreview() {
    this.#preview.hidden = true;
    find("drop-words").hidden = false;
    this.complain(_("Your browser can’t show this picture. You can still send it, or choose another."));
  }

  /** Say what is wrong with what was chosen. */
  complain(words) {
    find("file-problem").textContent = words;
    find("file-problem").hidden = words === "";
  }
}

function nameOf(files) {
  return files.length > 1 ? _("%(n)s files", { n: files.length }) : (files[0]?.name ?? "");
}

function thumbnail(file) {
  if (!file.type.startsWith("image/")) {
    const kind = document.createElement("span");
    kind.className = "thumbnail";
    kind.textContent = "PDF";
    return kind;
  }
  const image = new Image();
  image.className = "thumbnail";
  image.alt = "";
  image.src = URL.createObjectURL(file);
  image.addEventListener("load", () => URL.revokeObjectURL(image.src));
  return image;
}
