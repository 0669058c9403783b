// Everything that happened under one correlation id, in the order in which it happened.
import { part, path } from "./ask.js";
import { h } from "./h.js";
import { at, back, badge, button, choice, choose, empty, filterBox, icon, kindIcon, shown, since, split } from "./pieces.js";
import { happenings, isFailed } from "./timeline_rows.js";
import { link, refine } from "./route.js";
import { duration, n, number, say, t } from "./words.js";
import { watch } from "./watch.js";

const PAGE = 100;
const TYPING_MS = 250;
const SHOWN = {
  "": () => true,
  request: (each) => each.kind === "request",
  failed: (each) => each.failed,
};
const QUIET = new Set(["log"]); // not shown until asked for

const row = (chosen, query) => (each) =>
  h(
    "li", { key: each.correlation_id },
    h("a",
      {
        class: `line ${each.failed ? "bad" : ""}`, "data-row": true,
        href: link("timelines", [each.correlation_id], Object.fromEntries(query)),
        "aria-current": each.correlation_id === chosen ? "true" : undefined,
      },
      h("span", { class: "what" },
        kindIcon(each.kind, each.failed),
        h("span", { class: "two" },
          h("span", { class: "name" }, each.title),
          h("span", { class: "muted" },
            since(each.began_at), " · ", n("functions.runs", each.entries), " · ", duration(each.duration_ms))))),
  );

const kinds = (entries, hidden, toggle) => {
  const counts = new Map();
  for (const each of entries) counts.set(each.kind, (counts.get(each.kind) ?? 0) + 1);
  return (
    counts.size > 1 &&
    h("div", { class: "choice kinds", role: "group", "aria-label": t("timeline.kinds") },
      [...counts].map(([kind, count]) =>
        h("button",
          { key: kind, type: "button", class: kind, "aria-pressed": String(!hidden.has(kind)), onclick: () => toggle(kind) },
          h("span", { class: "dot" }), say("kind", kind), h("span", { class: "of" }, number(count)))))
  );
};

export const open = ({ redraw, announce }) => {
  const all = watch(redraw);
  const one = watch(redraw);
  const hidden = new Set(QUIET);
  let most = PAGE;
  let typing = 0;
  let typed = null;

  const type = (text) => {
    typed = text;
    clearTimeout(typing);
    typing = setTimeout(() => ((typed = null), refine({ text })), TYPING_MS);
  };
  const toggle = (kind) => {
    if (!hidden.delete(kind)) hidden.add(kind);
    redraw();
  };

  const found = (items, query) => items.filter(SHOWN[query.get("show") ?? ""] ?? SHOWN[""]);
  const list = (chosen, query) => ({ items }) =>
    found(items, query).length
      ? [
          h("ul", { class: "lines card flush" }, found(items, query).map(row(chosen, query))),
          items.length >= most &&
            h("p", { class: "row paging" }, button(t("page.more"), () => ((most += PAGE), redraw()))),
        ]
      : query.get("text") || query.get("show")
        ? empty("search", t("nothing.found"), t("timelines.none"))
        : empty("route", t("timelines.empty"), t("timelines.empty.how"));

  const copy = (id) =>
    navigator.clipboard?.writeText(id).then(() => announce(t("copied")), () => announce(t("copied.not")));

  const toFailure = () => {
    const first = document.querySelector(".happening.bad summary");
    first?.focus({ preventScroll: true });
    first?.scrollIntoView({ block: "center" });
  };

  const story = (data) => {
    const seen = data.entries.filter((each) => !hidden.has(each.kind));
    const failed = data.entries.filter(isFailed).length;
    return [
      h("p", { class: "sum" },
        failed ? button(n("timeline.failed", failed), toFailure, { kind: "failures", drawing: "circle-alert" }) : badge(t("timeline.well"), "good"),
        h("span", {}, at(data.began_at)),
        h("span", {}, duration(data.duration_ms)),
        h("span", {}, n("timeline.entries", data.entries.length))),
      data.missing?.length > 0 &&
        h("p", { class: "notice weak" }, t("timeline.missing", { parts: data.missing.join(", ") })),
      kinds(data.entries, hidden, toggle),
      seen.length ? happenings(seen) : empty("route", t("timeline.hidden"), t("timeline.hidden.how")),
    ];
  };

  const detail = (id, query) => {
    const known = all.data?.items.find((each) => each.correlation_id === id);
    return [
      back(link("timelines", [], Object.fromEntries(query)), t("nav.timelines")),
      h("div", { class: "head" },
        h("h2", {}, known?.title ?? one.data?.entries[0]?.title ?? t("timeline.title")),
        h("p", { class: "row" },
          h("span", { class: "id mono" }, id),
          button(t("copy"), () => copy(id), { kind: "quiet" }),
          h("a", { class: "button quiet", href: link("log", [], { correlation_id: id }) },
            icon("scroll-text"), t("timeline.log")))),
      one.error?.status === 404
        ? empty("route", t("timeline.gone"), t("timeline.gone.how"))
        : shown(one, story, 8),
    ];
  };

  return {
    draw: ({ rest: [id = ""], query }) => {
      all.at(path("timelines", { limit: most, text: query.get("text") }));
      one.at(id ? `timelines/${part(id)}` : null);
      return split(
        id !== "",
        [
          h("div", { class: "bar" },
            filterBox("timeline-text", t("timeline.filter"), typed ?? query.get("text") ?? "", type),
            choice(t("timelines.which"),
              ["", "request", "failed"].map((each) => [each, t(`timelines.show.${each || "all"}`)]),
              query.get("show") ?? "", (show) => refine({ show }))),
          shown(all, list(id, query), 8),
        ],
        id ? detail(id, query) : choose("route", t("timeline.choose")),
      );
    },
    close: () => (clearTimeout(typing), all.close(), one.close()),
  };
};
