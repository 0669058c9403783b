// One answer of the board, kept up to date while somebody looks, and kept while it fails.
import { get } from "./ask.js";

const EVERY_MS = 1500;

/** `changed` is called when what it holds is not what it was. Close it when the view closes. */
export const watch = (changed, { every = EVERY_MS } = {}) => {
  const watched = { path: null, data: null, error: null, asking: false };
  let timer = 0;
  let round = 0; // only the answer to the last question counts
  let before = "";

  const settle = (data, error) => {
    const now = JSON.stringify([data, error?.message, error?.down, error?.status]);
    watched.error = error;
    if (data !== null) watched.data = data;
    if (now !== before) changed();
    before = now;
  };

  const ask = async () => {
    clearTimeout(timer);
    const mine = ++round;
    watched.asking = true;
    const [data, error] = await get(watched.path).then(
      (found) => [found, null],
      (refused) => [null, refused],
    );
    if (mine !== round || watched.path === null) return;
    watched.asking = false;
    settle(data, error);
    timer = setTimeout(next, every);
  };
  const next = () => (document.hidden ? undefined : ask());
  const woken = () => !document.hidden && watched.path !== null && ask();
  document.addEventListener("visibilitychange", woken);

  /** Looks at something else; null looks at nothing. What it held before is dropped. */
  watched.at = (path) => {
    if (path === watched.path) return;
    clearTimeout(timer);
    Object.assign(watched, { path, data: null, error: null });
    before = "";
    round += 1;
    if (path !== null) ask();
  };
  watched.again = () => (watched.path === null ? undefined : ask());
  watched.close = () => {
    watched.at(null);
    document.removeEventListener("visibilitychange", woken);
  };
  return watched;
};
