// A signature, drawn or typed: two ways to the same thing.
import { complain, find } from "./elements.js";
import { Drawing } from "./esignature.drawing.js";
import { tell } from "./notice.js";
import { t } from "./text.js";

const WAYS = ["draw", "type"];

export class Mark {
  #drawing;
  #draft;
  #changed;

  constructor(view, draft, changed) {
    this.#draft = draft;
    this.#changed = changed;
    this.#drawing = new Drawing(draft.strokes, () => this.#drawn());
    const typed = find("typed-name");
    typed.value = draft.typed ?? view.signer.name;
    typed.addEventListener("input", () => this.#typed());
    find("typed-preview").textContent = typed.value;
    for (const way of WAYS) {
      const tab = find(`tab-${way}`);
      tab.addEventListener("click", () => this.choose(way));
      tab.addEventListener("keydown", (event) => this.#onKey(event));
    }
  }

  /** Shows the way that was chosen before. */
  async open() {
    await this.choose(this.#draft.way);
  }

  async choose(way) {
    for (const each of WAYS) {
      find(each).hidden = each !== way;
      find(`tab-${each}`).setAttribute("aria-selected", String(each === way));
      find(`tab-${each}`).tabIndex = each === way ? 0 : -1;
    }
    this.#draft.change({ way });
    this.#settled();
    if (way === "type") return;
    try {
      await this.#drawing.open();
    } catch (error) {
      tell(error, () => location.reload()); // what was entered is kept
    }
  }

  /** How it looks: `{drawing}` or `{text, script}`; nothing while it is missing. */
  look() {
    if (this.#draft.way === "draw") return { drawing: this.#drawing.picture() };
    return { text: find("typed-name").value.trim(), script: true };
  }

  /** What is sent; null, with a word about it, while it is missing. */
  given() {
    const { drawing, text } = this.look();
    if (drawing) return { kind: "drawn", png_base64: drawing.toDataURL().split(",")[1] };
    if (text) return { kind: "typed", text };
    this.complain(t(`mark.missing.${this.#draft.way}`));
    return null;
  }

  complain(sentence) {
    complain(this.control, find("mark-problem"), sentence);
  }

  /** Where the keyboard goes to mend it: who cannot draw types. */
  get control() {
    return find(this.#draft.way === "draw" ? "tab-draw" : "typed-name");
  }

  #drawn() {
    this.#draft.change({ strokes: this.#drawing.strokes });
    this.#settled();
  }

  #typed() {
    const typed = find("typed-name").value;
    find("typed-preview").textContent = typed;
    this.#draft.change({ typed });
    this.#settled();
  }

  #settled() {
    for (const id of ["tab-draw", "typed-name"]) find(id).removeAttribute("aria-invalid");
    find("mark-problem").textContent = "";
    this.#changed();
  }

  #onKey(event) {
    if (!["ArrowLeft", "ArrowRight", "Home", "End"].includes(event.key)) return;
    event.preventDefault();
    const other = event.currentTarget.id === "tab-draw" ? "type" : "draw";
    this.choose(other);
    find(`tab-${other}`).focus();
  }
}
