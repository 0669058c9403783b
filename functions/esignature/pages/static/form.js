// The fields besides the signature, and what will stand in the document.
import { complain, find, make } from "./elements.js";
import { fill, nameOf } from "./esignature.paper.js";
import { dayInUtc, t } from "./text.js";

const initialsOf = (name) =>
  name
    .split(/[\s-]+/)
    .map((part) => Array.from(part)[0] ?? "")
    .join("")
    .toUpperCase()
    .slice(0, 10);

const missingSentence = (field) =>
  field.type === "initials" ? t("initials.missing") : t("text.missing");

/** A date is the day of signing, written as the API writes it. */
const today = () => {
  const now = new Date();
  return { text: now.toISOString().slice(0, 10), said: t("date.utc", { date: dayInUtc(now) }) };
};

export class Form {
  #view;
  #draft;
  #mark;
  #controls = new Map();

  constructor(view, draft, mark) {
    this.#view = view;
    this.#draft = draft;
    this.#mark = mark;
    const [initials] = view.fields.filter((field) => field.type === "initials");
    const asked = view.fields.filter((field) => field.type === "text");
    const fields = [...(initials ? [initials] : []), ...asked];
    find("fields").replaceChildren(...fields.map((field, order) => this.#input(field, order)));
  }

  /** The list of what goes in, and the places in the document once it is about to. */
  showReview() {
    const isSigning = !find("sign-step").hidden;
    const rows = [];
    for (const field of this.#view.fields) {
      const look = this.#look(field);
      fill(field, isSigning ? look : {});
      const value = look.drawing ? this.#copy(look.drawing) : look.said || look.text || t("review.missing");
      const missing = look.drawing || look.text ? "" : "missing";
      const kind = look.script && look.text ? "script" : missing;
      rows.push(make("div", {}, make("dt", {}, nameOf(field)), make("dd", { class: kind, dir: "auto" }, value)));
    }
    find("review").replaceChildren(...rows);
  }

  /** What is sent, and the first thing to mend where something is missing. */
  given() {
    const signature = this.#mark.given();
    let first = signature ? null : this.#mark.control;
    const values = {};
    let initials = null;
    for (const { field, input, problem } of this.#controls.values()) {
      const text = input.value.trim();
      complain(input, problem, field.required && !text ? missingSentence(field) : null);
      if (field.required && !text) first ??= input;
      if (text && field.type === "initials") initials = { kind: "typed", text };
      else if (text) values[field.id] = text;
    }
    return { first, body: { signature, values, ...(initials ? { initials } : {}) } };
  }

  /** Puts what the API found next to the fields it found it in; false where it fits nowhere. */
  complain(refused, sentence) {
    let placed = false;
    for (const { at } of refused.fields) {
      const id = at.replace(/^values\./, "");
      const control = this.#controls.get(id);
      if (control) complain(control.input, control.problem, sentence);
      else if (id.startsWith("signature")) this.#mark.complain(sentence);
      else continue;
      placed = true;
    }
    return placed;
  }

  #input(field, order) {
    const isInitials = field.type === "initials";
    const suggested = isInitials ? initialsOf(this.#view.signer.name) : "";
    const kept = isInitials ? this.#draft.initials : this.#draft.values[field.id];
    const id = `field-${order}`;
    const input = make("input", {
      id,
      maxlength: isInitials ? 10 : 500,
      "aria-required": String(field.required),
      "aria-describedby": `${id}-problem`,
      autocomplete: "off",
      dir: "auto",
    });
    input.value = kept ?? suggested;
    const problem = make("p", { class: "problem", id: `${id}-problem`, role: "alert" });
    this.#controls.set(field.id, { field, input, problem });
    input.addEventListener("input", () => {
      complain(input, problem, null);
      this.#keep(field, input.value);
      this.showReview();
    });
    const name = field.required ? nameOf(field) : t("field.optional", { name: nameOf(field) });
    return make("div", { class: "field" }, make("label", { for: id }, name), input, problem);
  }

  #keep(field, text) {
    if (field.type === "initials") this.#draft.change({ initials: text });
    else this.#draft.change({ values: { ...this.#draft.values, [field.id]: text } });
  }

  #look(field) {
    if (field.type === "signature") return this.#mark.look();
    if (field.type === "date") return today();
    const control =
      this.#controls.get(field.id) ??
      [...this.#controls.values()].find((each) => each.field.type === field.type);
    return { text: control.input.value.trim(), script: field.type === "initials" };
  }

  #copy(canvas) {
    const copy = document.createElement("canvas");
    [copy.width, copy.height] = [canvas.width, canvas.height];
    copy.getContext("2d").drawImage(canvas, 0, 0);
    copy.setAttribute("role", "img");
    copy.setAttribute("aria-label", t("review.drawn"));
    return copy;
  }
}
