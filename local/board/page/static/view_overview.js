// Is all well, what needs somebody, and what happened last.
import { h } from "./h.js";
import { badge, empty, icon, kindIcon, since, shown, state } from "./pieces.js";
import { link } from "./route.js";
import { duration, n, number, t } from "./words.js";
import { watch } from "./watch.js";

const RECENT = 10;
const LOOKED_AT = 60;
const TILES = [
  ["functions", "square-function", link("functions"), ""],
  ["failed_runs", "circle-alert", link("functions", [], { show: "failed" }), "bad"],
  ["dead_letters", "skull", link("messages"), "bad"],
  ["waiting", "hourglass", link("messages"), ""],
  ["messages", "send", link("sent"), ""],
  ["blobs", "files", link("blobs"), ""],
];

const unwell = (each) =>
  each.state === "running"
    ? each.restarts > 0 && {
        key: each.name, kind: "weak", drawing: "rotate-ccw",
        sentence: n("overview.restarted", each.restarts).replace("{part}", each.title || each.name),
        href: link("log", [], { part: each.name }), label: t("overview.log"),
      }
    : {
        key: each.name, kind: each.state === "down" ? "bad" : "weak", drawing: "unplug",
        sentence: t(`overview.${each.state}`, { part: each.title || each.name }),
        href: link("log", [], { part: each.name }), label: t("overview.log"),
      };

const counted = (counts, name, drawing, href, label) =>
  counts[name] > 0 && {
    key: name, kind: "bad", drawing, href, label, sentence: n(`overview.attention.${name}`, counts[name]),
  };

const attention = ({ parts, counts }) =>
  [
    ...parts.map(unwell),
    counted(counts, "failed_runs", "circle-alert", link("functions", [], { show: "failed" }), t("overview.see")),
    counted(counts, "dead_letters", "skull", link("messages"), t("overview.see")),
  ].filter(Boolean);

const hero = (needs, parts) => {
  const bad = needs.some((each) => each.kind === "bad");
  const kind = bad ? "bad" : needs.length ? "weak" : "good";
  return h(
    "section", { class: `hero ${kind}`, "aria-labelledby": "hero-title" },
    h("div", { class: "sign" }, icon(kind === "good" ? "circle-check" : "triangle-alert")),
    h("div", {},
      h("h2", { id: "hero-title" }, needs.length ? n("overview.needs", needs.length) : t("overview.well")),
      h("p", { class: "muted" },
        n("overview.running", parts.filter((each) => each.state === "running").length))),
    needs.length > 0 &&
      h("ul", { class: "needs" },
        needs.map((each) =>
          h("li", { key: each.key, class: each.kind },
            icon(each.drawing), h("span", {}, each.sentence),
            h("a", { href: each.href, "data-row": true }, each.label, icon("chevron-right"))))),
  );
};

const tile = (counts) => ([name, drawing, href, kind]) => {
  const count = counts[name];
  return h(
    "a", { key: name, href, class: `tile ${count > 0 ? kind : ""}` },
    h("span", { class: "name" }, icon(drawing), t(`count.${name}`)),
    h("span", { class: "amount" }, count === null || count === undefined ? "–" : number(count)),
  );
};

const part = (each) =>
  h(
    "li", { key: each.name, class: `part ${each.state}` },
    h("h3", {}, each.title || each.name,
      each.restarts > 0 && badge(n("overview.restarts", each.restarts), "weak")),
    state(each.state, t(`state.${each.state}`)),
    h("div", { class: "under" },
      h("span", { class: "muted mono" }, each.url),
      h("span", { class: "links" },
        (each.links ?? []).map((one) =>
          h("a", { key: one.url, href: one.url, target: "_blank", rel: "noreferrer" },
            one.title, icon("external-link"))),
        h("a", { key: "log", href: link("log", [], { part: each.name }) }, t("nav.log")))),
  );

const row = (each) =>
  h(
    "li", { key: each.correlation_id },
    h("a", { class: `line ${each.failed ? "bad" : ""}`, href: link("timelines", [each.correlation_id]), "data-row": true },
      h("span", { class: "what" }, kindIcon(each.kind, each.failed), h("span", {}, each.title)),
      each.times > 1 && badge(`× ${number(each.times)}`),
      each.failed ? badge(t("failed"), "bad") : null,
      h("span", { class: "muted" }, n("functions.runs", each.entries)),
      h("span", { class: "muted end" }, duration(each.duration_ms)),
      h("span", { class: "muted end" }, since(each.began_at))),
  );

/** A timer that did its round and set nothing off is no news. */
const isNews = (each) => each.failed || each.entries > 1 || each.kind !== "timer";

/** The same again and again, each time without consequences, is told once. */
const folded = (items) => {
  const told = [];
  for (const each of items) {
    const last = told.at(-1);
    const same = last && last.title === each.title && last.entries === 1 && each.entries === 1;
    if (same && !last.failed && !each.failed) last.times += 1;
    else told.push({ ...each, times: 1 });
  }
  return told.slice(0, RECENT);
};

const recent = ({ items }) =>
  items.some(isNews)
    ? h("ul", { class: "lines card flush" }, folded(items.filter(isNews)).map(row))
    : h("div", { class: "card" }, empty("route", t("timelines.empty"), t("timelines.empty.how")));

const block = (id, title, href, inside) =>
  h(
    "section", { class: "block", "aria-labelledby": id },
    h("div", { class: "title" }, h("h2", { id }, title), href && h("a", { href }, t("overview.all"))),
    inside,
  );

export const open = ({ redraw, overview }) => {
  const timelines = watch(redraw);
  timelines.at(`timelines?limit=${LOOKED_AT}`);
  const whole = (data) => [
    hero(attention(data), data.parts),
    h("nav", { class: "tiles", "aria-label": t("overview.counts") }, TILES.map(tile(data.counts))),
  ];
  const parts = (data) => h("ul", { class: "parts card flush" }, data.parts.map(part));
  return {
    draw: () => [
      shown(overview, whole, 2),
      h("div", { class: "beside" },
        block("recent", t("overview.recent"), link("timelines"), shown(timelines, recent, RECENT)),
        overview.data && block("parts", t("overview.parts"), "", parts(overview.data))),
    ],
    close: () => timelines.close(),
  };
};
