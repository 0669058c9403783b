// The lines of the log as they come: those before by the page, new ones pushed by the board.
import { get, path } from "./ask.js";

const PAGE = 200;
const MOST = 2000;
const AGAIN_MS = 2000;

/** `changed` is called when there is something new. While held, what comes waits beside. */
export const lines = (changed) => {
  const held = { filters: null, items: [], beside: [], before: null, error: null, loaded: false, live: false };
  let stream = null;
  let timer = 0;
  let round = 0;
  let isHeld = false;

  const hush = () => {
    stream?.close();
    stream = null;
    clearTimeout(timer);
    held.live = false;
  };

  const take = (item) => {
    const seen = (each) => each.id === item.id;
    if (held.items.slice(0, PAGE).some(seen) || held.beside.some(seen)) return;
    const to = isHeld ? "beside" : "items";
    held[to] = [item, ...held[to]].slice(0, MOST);
    changed();
  };

  const follow = () => {
    hush();
    if (document.hidden || held.filters === null) return;
    const newest = held.beside[0] ?? held.items[0];
    stream = new EventSource(`/api/${path("log/stream", { ...held.filters, after: newest?.id })}`);
    stream.addEventListener("open", () => ((held.live = true), changed()));
    stream.addEventListener("message", ({ data }) => take(JSON.parse(data)));
    stream.addEventListener("error", () => {
      hush(); // not by its own: it would ask for the lines since it first asked
      timer = setTimeout(load, AGAIN_MS);
      changed();
    });
  };

  const load = async () => {
    const mine = ++round;
    const [found, error] = await get(path("log", { ...held.filters, limit: PAGE })).then(
      (read) => [read, null], (refused) => [null, refused],
    );
    if (mine !== round) return;
    held.error = error;
    if (found && held.loaded) missed(found.items);
    else if (found) Object.assign(held, { items: found.items, before: found.before, loaded: true });
    if (found) follow();
    else timer = setTimeout(load, AGAIN_MS);
    changed();
  };

  const missed = (items) => [...items].reverse().forEach(take);

  const woken = () => (document.hidden ? hush() : held.filters && load());
  document.addEventListener("visibilitychange", woken);

  return {
    held,
    at: (filters) => {
      if (JSON.stringify(filters) === JSON.stringify(held.filters)) return;
      hush();
      Object.assign(held, { filters, items: [], beside: [], before: null, error: null, loaded: false });
      load();
    },
    hold: (wanted) => {
      isHeld = wanted;
      if (wanted || held.beside.length === 0) return;
      held.items = [...held.beside, ...held.items].slice(0, MOST);
      held.beside = [];
    },
    older: async () => {
      const mine = round;
      const found = await get(path("log", { ...held.filters, before: held.before, limit: PAGE }));
      if (mine !== round) return;
      held.items = [...held.items, ...found.items];
      held.before = found.before;
      changed();
    },
    close: () => {
      round += 1;
      held.filters = null;
      hush();
      document.removeEventListener("visibilitychange", woken);
    },
  };
};
