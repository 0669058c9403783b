// The small things that all views are made of.
import { h } from "./h.js";
import { link } from "./route.js";
import { ago, fineTime, moment, number, t, time } from "./words.js";

/** A drawing beside a label, which screen readers pass over. */
export const icon = (name, kind = "") =>
  h("svg", { class: `icon ${kind}`, "aria-hidden": "true" }, h("use", { href: `#i-${name}` }));

const timed = (iso, text, kind) =>
  h("time", { datetime: iso, title: moment(iso), class: kind }, text);
export const at = (iso) => timed(iso, time(iso), "at");
export const fineAt = (iso) => timed(iso, fineTime(iso), "at");
export const since = (iso) => timed(iso, ago(iso), "ago");

const TONES = {
  running: "good", succeeded: "good", success: "good", ok: "good",
  starting: "weak", restarting: "weak", waiting: "weak",
  down: "bad", failed: "bad", failure: "bad", error: "bad", timeout: "bad",
};
export const tone = (word) => TONES[String(word ?? "").toLowerCase()] ?? "";

const KINDS = {
  request: "globe", event: "zap", job: "inbox", timer: "timer", change: "database", audit: "shield-check",
  log: "scroll-text", sent: "send", "dead-letter": "skull", waiting: "hourglass",
};
/** What kind of thing happened, or that it failed. */
export const kindIcon = (kind, failed) => icon(failed ? "circle-alert" : (KINDS[kind] ?? "route"));

/** A state as a coloured dot with its word. */
export const state = (word, label = word) =>
  h("span", { class: `state ${tone(word)}` }, h("span", { class: "dot" }), label);

export const badge = (text, kind = "") => h("span", { class: `badge ${kind}` }, text);

/** A figure that stands out only when it counts something. */
export const figure = (count, kind = "") =>
  count === null || count === undefined
    ? h("span", { class: "figure none" }, "–")
    : h("span", { class: `figure ${count ? kind : "none"}` }, number(count));

/** A correlation id, which leads to everything that happened under it. */
export const timelineLink = (id, text = id.slice(0, 8)) =>
  h(
    "a",
    { class: "id", href: link("timelines", [id]), title: t("timeline.open", { id }) },
    icon("route"), text,
  );

/** An answer that did not come: what, what to do, and that it is tried again. */
export const trouble = (error, { again = true } = {}) => {
  const name = error.down || (error.status === 404 ? "gone" : "");
  const title = error.down
    ? t(error.down === "board" ? "trouble.board" : "trouble.part", { part: error.down })
    : error.message || t("trouble.other", { status: error.status });
  const sentence = error.down === "board" ? t("trouble.board.remedy") : error.down && error.message;
  return h(
    "div",
    { class: `trouble ${error.down ? "down" : ""}`, role: "alert", "data-trouble": name },
    icon(error.down ? "unplug" : "circle-alert"),
    h(
      "div", { class: "said" },
      h("p", { class: "what" }, title),
      sentence && h("p", {}, sentence),
      error.remedy && h("p", { class: "remedy" }, error.remedy),
      again && error.down && error.down !== "board" && h("p", { class: "muted small" }, t("trouble.again")),
    ),
  );
};

/** Nothing here yet, why, and how something comes. */
export const empty = (drawing, title, text, ...more) =>
  h(
    "div", { class: "empty" },
    icon(drawing), h("h2", {}, title), text && h("p", { class: "muted" }, text), more,
  );

export const waiting = (rows = 4) =>
  h(
    "div",
    { class: "waiting", role: "status", "aria-label": t("loading") },
    Array.from({ length: rows }, () => h("span", { class: "skeleton" })),
  );

/** What a watched answer shows: it, or that it is awaited, or what is wrong; old news stay. */
export const shown = (watched, draw, rows) => [
  watched.error && trouble(watched.error),
  watched.data ? draw(watched.data) : !watched.error && waiting(rows),
];

export const button = (label, onclick, { drawing, kind = "", ...more } = {}) =>
  h("button", { type: "button", class: `button ${kind}`, onclick, ...more },
    drawing && icon(drawing), label);

/** One of a few: [["all", "All"], ...] */
export const choice = (name, options, chosen, choose) =>
  h(
    "div",
    { class: "choice", role: "group", "aria-label": name },
    options.map(([value, label, count]) =>
      h(
        "button",
        {
          type: "button", key: value, "aria-pressed": String(value === chosen),
          onclick: () => choose(value),
        },
        label,
        count ? h("span", { class: "of" }, number(count)) : null,
      ),
    ),
  );

export const filterBox = (id, label, value, type, hint) =>
  h(
    "label", { class: "filter", for: id },
    icon("search"), h("span", { class: "visually-hidden" }, label),
    h("input", {
      id, type: "search", value, placeholder: hint ?? label, autocomplete: "off",
      spellcheck: "false", oninput: (event) => type(event.target.value),
    }),
  );

export const facts = (pairs) =>
  h(
    "dl", { class: "facts" },
    pairs.filter(([, value]) => value !== null && value !== undefined && value !== "")
      .map(([name, value]) => h("div", { key: name }, h("dt", {}, name), h("dd", {}, value))),
  );

/** A list beside what is chosen in it; on a phone the one or the other. */
export const split = (chosen, list, detail) =>
  h(
    "div", { class: `split ${chosen ? "chosen" : ""}` },
    h("section", { class: "list" }, list),
    h("section", { class: "detail", id: "detail" }, detail),
  );

export const back = (href, label) => h("a", { class: "back", href }, icon("arrow-left"), label);

/** A lone invitation where a choice has yet to be made. */
export const choose = (drawing, text) =>
  h("div", { class: "choose" }, icon(drawing), h("p", {}, text));
