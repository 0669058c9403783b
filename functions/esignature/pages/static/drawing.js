// The pad to draw on; its library loads when it is first shown.
import { Unreachable } from "./asking.js";
import { find } from "./elements.js";

const INK = "#14213d";
const WIDEST = 1600;

/** Throws Unreachable; browsers do not fetch a module again before the page is loaded again. */
export const loadLibrary = async () => {
  try {
    return await import("./signature_pad.min.js");
  } catch (error) {
    throw new Unreachable(error.message);
  }
};

const scaled = (strokes, factor) =>
  strokes.map((stroke) => ({
    ...stroke,
    points: stroke.points.map((point) => ({ ...point, x: point.x * factor, y: point.y * factor })),
  }));

/** The smallest part of a canvas that has ink on it, as a canvas of its own. */
const trimmed = (canvas) => {
  const { width, height } = canvas;
  const pixels = canvas.getContext("2d").getImageData(0, 0, width, height).data;
  let [left, top, right, bottom] = [width, height, -1, -1];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      if (pixels[(y * width + x) * 4 + 3] === 0) continue;
      left = Math.min(left, x);
      right = Math.max(right, x);
      top = Math.min(top, y);
      bottom = Math.max(bottom, y);
    }
  }
  if (right < 0) return null;
  const out = document.createElement("canvas");
  out.width = right - left + 1;
  out.height = bottom - top + 1;
  out.getContext("2d").drawImage(canvas, -left, -top);
  return out;
};

export class Drawing {
  #canvas = find("pad");
  #pad = null;
  #kept;
  #changed;

  /** `kept` is what `strokes` gave before; `changed` is called after each stroke. */
  constructor(kept, changed) {
    this.#kept = kept;
    this.#changed = changed;
  }

  /** Safe to repeat. Throws where the library cannot be fetched. */
  async open() {
    if (this.#pad) return;
    const { default: SignaturePad } = await loadLibrary();
    if (this.#pad) return;
    this.#pad = new SignaturePad(this.#canvas, { penColor: INK, minWidth: 0.8, maxWidth: 2.8, canvasContextOptions: { willReadFrequently: true } });
    this.#pad.addEventListener("endStroke", () => this.#changed());
    this.#pad.addEventListener("beginStroke", () => (find("pad-hint").hidden = true));
    find("undo").addEventListener("click", () => this.#put(this.#pad.toData().slice(0, -1)));
    find("clear").addEventListener("click", () => this.#put([]));
    new ResizeObserver(() => this.#fit()).observe(this.#canvas);
    this.#fit();
    this.#changed();
  }

  /** In shares of the pad's width, so that they fit a turned phone too. */
  get strokes() {
    if (!this.#pad) return this.#kept;
    return scaled(this.#pad.toData(), 1 / this.#canvas.clientWidth);
  }

  /** A canvas with the ink alone; null while there is none. */
  picture() {
    return this.#pad?.isEmpty() === false ? trimmed(this.#canvas) : null;
  }

  #put(strokes) {
    this.#pad.fromData(strokes);
    find("pad-hint").hidden = !this.#pad.isEmpty();
    this.#changed();
  }

  #fit() {
    const { clientWidth, clientHeight } = this.#canvas;
    if (!clientWidth) return; // not shown now
    const ratio = Math.min(Math.max(devicePixelRatio, 2), WIDEST / clientWidth);
    const [width, height] = [clientWidth * ratio, clientHeight * ratio].map(Math.round);
    if (this.#canvas.width === width && this.#canvas.height === height) return;
    const kept = this.#canvas.dataset.fitted ? this.#inShares() : (this.#kept ?? []);
    this.#canvas.width = width;
    this.#canvas.height = height;
    this.#canvas.getContext("2d").scale(ratio, ratio);
    this.#canvas.dataset.fitted = clientWidth;
    this.#pad.fromData(scaled(kept, clientWidth));
    find("pad-hint").hidden = !this.#pad.isEmpty();
  }

  #inShares() {
    return scaled(this.#pad.toData(), 1 / Number(this.#canvas.dataset.fitted));
  }
}
