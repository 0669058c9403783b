// The page as a whole: which view is open, when it is drawn, and what all views share.
import { draw } from "./h.js";
import { followKeys } from "./keys.js";
import { followMenu, showNav } from "./nav.js";
import { here } from "./route.js";
import { t, zone } from "./words.js";
import { watch } from "./watch.js";

const VIEWS = {
  overview: () => import("./view_overview.js"),
  functions: () => import("./view_functions.js"),
  messages: () => import("./view_messages.js"),
  cosmos: () => import("./view_cosmos.js"),
  blobs: () => import("./view_blobs.js"),
  sent: () => import("./view_sent.js"),
  log: () => import("./view_log.js"),
  timelines: () => import("./view_timelines.js"),
};
const AGO_MS = 15_000;
const TOLD_MS = 5000;

const place = document.getElementById("view");
const heading = document.getElementById("heading");
const live = document.getElementById("announcement");
let opened = null;
let name = "";
const left = new Map();
let now = here();
let waiting = 0;
let leaving = 0;
let turn = 0;

const shown = () => {
  waiting = 0;
  showNav(overview, name);
  if (opened) draw(place, opened.draw(here()));
};

/** However often it is asked for, the page is drawn once before the next picture. */
const redraw = () => {
  waiting ||= document.hidden ? setTimeout(shown) : requestAnimationFrame(shown);
};

/** Tells screen readers, and for a while everybody unless what it is about is seen anyway. */
const announce = (sentence, { quietly = false } = {}) => {
  clearTimeout(leaving);
  live.textContent = "";
  live.classList.toggle("visually-hidden", quietly);
  if (sentence) setTimeout(() => (live.textContent = sentence));
  leaving = setTimeout(() => (live.textContent = ""), TOLD_MS);
};

const overview = watch(redraw, { every: 2500 });
const shell = { redraw, announce, overview };

const titled = () => {
  heading.textContent = t(`nav.${name}`);
  const at = here().rest.at(-1);
  document.title = [at, t(`nav.${name}`), t("brand")].filter(Boolean).join(" · ");
};

const enter = async (wanted) => {
  const mine = ++turn;
  const first = name === "";
  name = wanted;
  const module = await VIEWS[wanted]();
  if (mine !== turn) return; // the reader is elsewhere by now
  opened?.close?.();
  draw(place);
  opened = module.open(shell);
  left.clear();
  document.body.dataset.view = wanted;
  titled();
  shown();
  if (!first) {
    scrollTo(0, 0);
    heading.focus({ preventScroll: true });
  }
};

/** Within a view: what is opened begins at its top, a list is where it was left. */
const placed = (was) => {
  const { rest, query } = here();
  const inside = rest.length > was.rest.length;
  if (inside) left.set(was.rest.join("/"), { y: scrollY, hash: location.hash });
  shown();
  if (rest.join("/") === was.rest.join("/") && query.size + was.query.size > 0) return;
  const back = inside ? null : left.get(rest.join("/"));
  scrollTo(0, back?.y ?? 0);
  if (back) document.querySelector(`main [href="${CSS.escape(back.hash)}"]`)?.focus({ preventScroll: true });
  else if (!document.activeElement?.checkVisibility?.()) heading.focus({ preventScroll: true });
};

const moved = () => {
  const was = now;
  now = here();
  const wanted = now.view in VIEWS ? now.view : "overview";
  if (wanted !== name) return void enter(wanted);
  titled();
  placed(was);
};

history.scrollRestoration = "manual";
addEventListener("hashchange", moved);
addEventListener("refined", () => ((now = here()), redraw()));
setInterval(() => document.hidden || redraw(), AGO_MS); // "3 minutes ago" grows older

document.getElementById("zone").textContent = t("times", { zone: zone() });
followMenu();
followKeys({ keysOfView: () => opened?.keys ?? {}, announce });
overview.at("overview");
moved();
