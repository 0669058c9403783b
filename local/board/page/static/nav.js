// Where one can go, what waits there, and whether all is well.
import { draw, h } from "./h.js";
import { figure, icon } from "./pieces.js";
import { t } from "./words.js";
import { link } from "./route.js";

export const PLACES = [
  ["overview", "layout-dashboard"],
  ["functions", "square-function"],
  ["messages", "inbox"],
  ["timelines", "route"],
  ["log", "scroll-text"],
  ["cosmos", "database"],
  ["blobs", "files"],
  ["sent", "send"],
];
export const LETTERS = {
  o: "overview", f: "functions", m: "messages", t: "timelines",
  l: "log", c: "cosmos", b: "blobs", s: "sent",
};

const places = document.getElementById("places");
const health = document.getElementById("health");
const menu = document.getElementById("menu");
const side = document.getElementById("side");

const marks = ({ counts }) => ({ functions: counts.failed_runs, messages: counts.dead_letters });
const says = { functions: "nav.failed", messages: "nav.dead" };

const mark = (name, count) =>
  count
    ? h("span", { class: "mark" }, figure(count),
        h("span", { class: "visually-hidden" }, t(says[name])))
    : null;

const summary = ({ data, error }) => {
  if (error) return ["bad", t("health.board")];
  if (!data) return ["weak", t("health.asking")];
  const off = data.parts.filter((each) => each.state !== "running");
  if (off.length === 0) return ["good", t("health.good", { count: data.parts.length })];
  return ["bad", t("health.off", { parts: off.map((each) => each.title || each.name).join(", ") })];
};

export const showNav = (overview, current) => {
  const counts = overview.data ? marks(overview.data) : {};
  draw(
    places,
    PLACES.map(([name, drawing]) =>
      h("li", { key: name },
        h("a", { href: link(name), "aria-current": name === current ? "page" : undefined },
          icon(drawing), h("span", {}, t(`nav.${name}`)), mark(name, counts[name])))),
  );
  const [kind, sentence] = summary(overview);
  draw(health, h("span", { class: `state ${kind}` }, h("span", { class: "dot" }), sentence));
};

/** On a phone the rest of the menu unfolds; a place chosen folds it again. */
export const followMenu = () => {
  const show = (open) => {
    menu.setAttribute("aria-expanded", String(open));
    side.toggleAttribute("data-open", open);
  };
  menu.addEventListener("click", () => show(!side.hasAttribute("data-open")));
  addEventListener("hashchange", () => show(false));
  side.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !side.hasAttribute("data-open")) return;
    show(false);
    menu.focus();
  });
  for (const each of document.querySelectorAll("#languages a")) {
    each.addEventListener("click", () => (each.href = `/?lang=${each.lang}${location.hash}`));
  }
};
