// What all parts say, as they say it. Scrolling away or a line that is read holds it still.
import { h } from "./h.js";
import { badge, button, empty, facts, filterBox, fineAt, shown, timelineLink } from "./pieces.js";
import { jsonBlock, plainBlock } from "./json.js";
import { lines } from "./log_lines.js";
import { link, refine } from "./route.js";
import { duration, n, say, t } from "./words.js";

const FILTERS = ["part", "level", "function", "text", "correlation_id"];
const LEVELS = ["debug", "info", "warning", "error"];
const TYPING_MS = 250;
const TOP_PX = 40;

const levelOf = (each) => {
  const level = String(each.level ?? "").toLowerCase();
  if (/^(error|critical|fatal)$/.test(level) || each.outcome === "failed") return "bad";
  return /^warn/.test(level) ? "weak" : "";
};

const whole = (each) => [
  facts([
    [t("log.level"), each.level],
    [t("log.event"), each.event],
    [t("log.function"), each.function && h("a", { href: link("functions", [each.function]) }, each.function)],
    [t("log.outcome"), each.outcome && say("outcome", each.outcome)],
    [t("log.correlation"), each.correlation_id && timelineLink(each.correlation_id, each.correlation_id)],
    [t("log.invocation"), each.invocation_id &&
      h("a", { class: "id", href: link("log", [], { text: each.invocation_id }) }, each.invocation_id)],
    [t("log.trace"), each.trace_id && h("a", { class: "id", href: link("log", [], { text: each.trace_id }) }, each.trace_id)],
  ]),
  each.stack && plainBlock(each.stack, t("stack")),
  Object.keys(each.fields ?? {}).length > 0 && jsonBlock(each.fields, t("log.fields")),
];

/** Its words, or what happened and in which function. */
const text = (each) =>
  each.message || [each.event, each.function && h("span", { class: "muted" }, ` ${each.function}`)];

const describe = (each, isOpen, toggle) =>
  h(
    "li", { key: each.id, class: `entry ${levelOf(each)} ${isOpen ? "opened" : ""}` },
    h("div", { class: "entry-line" },
      fineAt(each.at),
      h("span", { class: `part-name part-${each.part}` }, each.part),
      h("button",
        { type: "button", class: "say", "data-row": true, "aria-expanded": String(isOpen), onclick: () => toggle(each.id) },
        levelOf(each) && badge(each.level ?? t("failed"), levelOf(each)),
        h("span", { class: "text" }, text(each))),
      each.duration_ms !== null && each.duration_ms !== undefined
        ? h("span", { class: "took" }, duration(each.duration_ms))
        : h("span", { class: "took" }),
      each.correlation_id ? timelineLink(each.correlation_id) : h("span", { class: "id" })),
    isOpen && h("div", { class: "content" }, whole(each)),
  );

const select = (id, label, options, value, choose) =>
  h("label", { class: "order" }, h("span", { class: "visually-hidden" }, label),
    h("select", { id, class: "select", value, onchange: (event) => choose(event.target.value) },
      options.map(([name, text]) => h("option", { key: name, value: name }, text))));

export const open = ({ redraw, announce, overview }) => {
  const log = lines(redraw);
  const { held } = log;
  const memo = new Map(); // a line that did not change is not described again
  const opened = new Set();
  let paused = false;
  let typing = 0;
  let typed = null;
  let failed = null;

  const isReading = () => paused || opened.size > 0 || scrollY > TOP_PX;
  const follow = () => {
    log.hold(isReading());
    redraw();
  };
  const toggle = (id) => {
    if (!opened.delete(id)) opened.add(id);
    memo.delete(id);
    follow();
  };
  const pause = () => {
    paused = !paused;
    announce(t(paused ? "log.paused" : "log.resumed"));
    follow();
  };
  const toTop = () => {
    for (const id of opened) memo.delete(id);
    opened.clear();
    paused = false;
    scrollTo({ top: 0 });
    log.hold(false);
    redraw();
  };
  addEventListener("scroll", follow, { passive: true });

  const entry = (each) => {
    if (!memo.has(each.id)) memo.set(each.id, describe(each, opened.has(each.id), toggle));
    return memo.get(each.id);
  };

  const type = (text) => {
    typed = text;
    clearTimeout(typing);
    typing = setTimeout(() => ((typed = null), refine({ text })), TYPING_MS);
  };

  const older = () =>
    log.older().then(() => (failed = null), (error) => (failed = error)).finally(redraw);

  const controls = (query) =>
    h("div", { class: "bar sticky" },
      filterBox("log-text", t("log.filter"), typed ?? query.get("text") ?? "", type),
      select("log-part", t("log.part"),
        [["", t("log.part.all")], ...(overview.data?.parts ?? []).map((each) => [each.name, each.title || each.name])],
        query.get("part") ?? "", (part) => refine({ part })),
      select("log-level", t("log.level"),
        [["", t("log.level.all")], ...LEVELS.map((each) => [each, t(`level.${each}`)])],
        query.get("level") ?? "", (level) => refine({ level })),
      ["correlation_id", "function"].map((name) =>
        query.get(name) &&
        button(h("span", {}, query.get(name)), () => refine({ [name]: "" }), {
          key: name, drawing: "x", kind: "chip", title: t("log.without", { name: query.get(name) }),
        })),
      button(t(paused ? "log.resume" : "log.pause"), pause, { id: "log-pause", drawing: paused ? "play" : "pause" }),
      h("span", { class: `state ${held.live && !paused ? "good" : "weak"}` },
        h("span", { class: "dot" }), t(paused ? "log.still" : held.live ? "log.live" : "log.connecting")));

  const list = (filtered) => () =>
    held.items.length
      ? [
          h("ul", { class: "entries card flush" }, held.items.map(entry)),
          held.before !== null && held.before !== undefined &&
            h("p", { class: "row paging" }, button(t("log.older"), older, { drawing: "history" })),
          failed && h("p", { class: "problem" }, failed.message || t("trouble.board")),
        ]
      : filtered
        ? empty("search", t("nothing.found"), t("log.none"),
            button(t("show.all"), () => refine(Object.fromEntries(FILTERS.map((each) => [each, ""])))))
        : empty("scroll-text", t("log.empty"), t("log.empty.how"));

  return {
    draw: ({ query }) => {
      const filters = Object.fromEntries(FILTERS.map((each) => [each, query.get(each) ?? ""]));
      if (held.filters && JSON.stringify(filters) !== JSON.stringify(held.filters)) (memo.clear(), opened.clear());
      log.at(filters);
      return [
        controls(query),
        held.beside.length > 0 &&
          h("p", { class: "news" }, button(n("log.news", held.beside.length), toTop, { drawing: "arrow-up", kind: "primary" })),
        shown({ data: held.loaded, error: held.error }, list(Object.values(filters).some(Boolean)), 12),
      ];
    },
    keys: { p: pause },
    close: () => (removeEventListener("scroll", follow), clearTimeout(typing), log.close()),
  };
};
