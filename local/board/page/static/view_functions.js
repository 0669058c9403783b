// All functions: how each is set off, how it fares, and what its last run came to.
import { h } from "./h.js";
import { badge, choice, empty, filterBox, icon, shown, since, split, tone, choose } from "./pieces.js";
import { link, refine } from "./route.js";
import { duration, n, number, sorted, t } from "./words.js";
import { one } from "./view_function.js";
import { watch } from "./watch.js";

const TRIGGERS = ["http", "servicebus", "timer", "cosmos"];
const DRAWINGS = { http: "globe", servicebus: "inbox", timer: "timer", cosmos: "database" };

const fits = (query) => {
  const words = (query.get("text") ?? "").toLowerCase().split(/\s+/).filter(Boolean);
  const trigger = query.get("trigger") ?? "";
  const failed = query.get("show") === "failed";
  return (each) => {
    const text = `${each.name} ${each.summary} ${each.capability}`.toLowerCase();
    return (
      (!trigger || each.trigger === trigger) &&
      (!failed || each.failures > 0) &&
      words.every((word) => text.includes(word))
    );
  };
};

const ORDERS = {
  name: (items) => sorted(items, (each) => each.name),
  recent: (items) => [...items].sort((a, b) => ((b.last?.at ?? "") > (a.last?.at ?? "") ? 1 : -1)),
  failures: (items) => [...items].sort((a, b) => b.failures - a.failures),
  slow: (items) => [...items].sort((a, b) => (b.p50_ms ?? -1) - (a.p50_ms ?? -1)),
};

const last = (each) =>
  each.last
    ? h("span", { class: "last" }, h("span", { class: `dot ${each.last.failed ? "bad" : tone(each.last.outcome)}` }), since(each.last.at))
    : h("span", { class: "muted" }, t("functions.never"));

const row = (chosen, query) => (each) =>
  h(
    "li", { key: each.name },
    h("a",
      {
        class: "line function", "data-row": true,
        href: link("functions", [each.name], Object.fromEntries(query)),
        "aria-current": each.name === chosen ? "true" : undefined,
      },
      h("span", { class: "what" },
        icon(DRAWINGS[each.trigger] ?? "square-function"),
        h("span", { class: "two" },
          h("span", { class: "name" }, each.name),
          h("span", { class: "muted mono" }, each.summary))),
      each.disabled ? badge(t("functions.disabled"), "weak") : null,
      h("span", { class: `end ${each.runs ? "" : "muted"}` }, n("functions.runs", each.runs)),
      h("span", { class: "end" }, each.failures
        ? h("span", { class: "figure bad" }, n("functions.failures", each.failures))
        : null),
      h("span", { class: "end muted" }, each.p50_ms === null ? "" : duration(each.p50_ms)),
      h("span", { class: "end" }, last(each))),
  );

const controls = (items, query) => {
  const count = (trigger) => items.filter((each) => each.trigger === trigger).length;
  return h(
    "div", { class: "bar" },
    filterBox("function-text", t("functions.filter"), query.get("text") ?? "", (text) => refine({ text }), t("filter")),
    choice(
      t("functions.trigger"),
      [["", t("all"), items.length], ...TRIGGERS.map((each) => [each, t(`trigger.${each}`), count(each)])],
      query.get("trigger") ?? "",
      (trigger) => refine({ trigger }),
    ),
    h("button", {
      type: "button", class: "button toggle", "aria-pressed": String(query.get("show") === "failed"),
      onclick: () => refine({ show: query.get("show") === "failed" ? "" : "failed" }),
    }, icon("circle-alert"), t("functions.failing")),
    h("label", { class: "order" }, h("span", { class: "visually-hidden" }, t("order")),
      h("select", {
        class: "select", value: query.get("order") ?? "name",
        onchange: (event) => refine({ order: event.target.value }),
      }, Object.keys(ORDERS).map((each) => h("option", { key: each, value: each }, t(`order.${each}`))))),
  );
};

const nothing = (items) =>
  items.length
    ? empty("search", t("nothing.found"), t("functions.none"),
        h("button", { type: "button", class: "button",
          onclick: () => refine({ text: "", trigger: "", show: "" }) }, t("show.all")))
    : empty("square-function", t("functions.empty"), t("functions.empty.how"));

export const open = (shell) => {
  const functions = watch(shell.redraw);
  functions.at("functions");
  const detail = one(shell);

  const list = (route) => ({ items }) => {
    const found = (ORDERS[route.query.get("order")] ?? ORDERS.name)(items.filter(fits(route.query)));
    return [
      controls(items, route.query),
      h("p", { class: "visually-hidden", role: "status" }, t("found", { count: number(found.length) })),
      found.length
        ? h("ul", { class: "lines card flush" }, found.map(row(route.rest[0], route.query)))
        : nothing(items),
    ];
  };
  return {
    draw: (route) => {
      const name = route.rest[0] ?? "";
      const known = functions.data?.items.find((each) => each.name === name);
      return split(
        name !== "",
        shown(functions, list(route), 10),
        name
          ? detail.draw(name, known, functions.data !== null, link("functions", [], Object.fromEntries(route.query)))
          : choose("square-function", t("functions.choose")),
      );
    },
    close: () => (functions.close(), detail.close()),
  };
};
