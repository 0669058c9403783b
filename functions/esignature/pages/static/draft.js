// What a signer has entered, kept in this tab until it is signed: over reloads and lost reception.
const EMPTY = { way: "draw", typed: null, initials: null, strokes: null, values: {}, agreed: false };

export class Draft {
  #key;

  constructor(view) {
    this.#key = `signing ${view.envelope_id} ${view.signer.id}`;
    Object.assign(this, structuredClone(EMPTY), this.#kept());
  }

  change(update) {
    Object.assign(this, update);
    try {
      sessionStorage.setItem(this.#key, JSON.stringify(this));
    } catch {
      // full or blocked: it holds for as long as the page is open
    }
  }

  forget() {
    try {
      sessionStorage.removeItem(this.#key);
    } catch {
      // nothing was kept
    }
  }

  #kept() {
    try {
      return JSON.parse(sessionStorage.getItem(this.#key)) ?? {};
    } catch {
      return {};
    }
  }
}
