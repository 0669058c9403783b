// One function: its last runs, their errors with the stack, and a button that runs it now.
import { part, post } from "./ask.js";
import { h } from "./h.js";
import { at, back, badge, empty, facts, icon, shown, since, state, timelineLink } from "./pieces.js";
import { plainBlock } from "./json.js";
import { link } from "./route.js";
import { sureness } from "./sure.js";
import { duration, n, number, say, t, time } from "./words.js";
import { watch } from "./watch.js";

const RUNS = 50;
const USUAL = new Set(["serving", "listening"]);
const LOWEST = 0.08;

/** A run may end well for the host and be a failure to whoever called. */
const failed = (each) => each.failed ?? (Boolean(each.error) || each.outcome === "failed");

/** The last runs as bars, the newest at the end; on a logarithmic scale. */
const bars = (items) => {
  const longest = Math.log10(Math.max(...items.map((each) => each.duration_ms ?? 0)) + 10);
  const height = (ms) => Math.max(LOWEST, Math.log10((ms ?? 0) + 1) / longest);
  return h(
    "div", { class: "bars", "aria-hidden": "true" },
    [...items].reverse().map((each) =>
      h("span", {
        key: each.invocation_id, class: failed(each) ? "bad" : "",
        style: { "--height": height(each.duration_ms).toFixed(3) },
        title: `${time(each.at)} · ${duration(each.duration_ms ?? 0)}`,
      })),
  );
};

const wrong = (each) =>
  h(
    "details", { class: "wrong" },
    h("summary", { "data-row": true }, icon("chevron-right", "turn"), h("span", { class: "error" }, each.error || t("failed"))),
    each.stack ? plainBlock(each.stack, t("stack")) : h("p", { class: "muted" }, t("function.no.stack")),
  );

const run = (each) =>
  h(
    "li", { key: each.invocation_id ?? each.at, class: "run" },
    h("div", { class: "line" },
      state(failed(each) ? "failed" : each.outcome, failed(each) ? t("failed") : say("outcome", each.outcome)),
      at(each.at),
      each.status && badge(String(each.status), failed(each) ? "bad" : ""),
      h("span", { class: "muted" }, each.duration_ms === null ? "" : duration(each.duration_ms)),
      h("span", { class: "ids" },
        each.correlation_id && timelineLink(each.correlation_id, t("function.timeline")),
        each.invocation_id &&
          h("a", { class: "id", href: link("log", [], { text: each.invocation_id }) },
            icon("scroll-text"), t("nav.log")))),
    each.error || each.stack ? wrong(each) : null,
  );

const runs = ({ items }) =>
  items.length
    ? [bars(items), h("ul", { class: "runs" }, items.map(run))]
    : empty("play", t("function.quiet"), t("function.quiet.how"));

const known = (each) =>
  facts([
    [t("function.trigger"), h("span", { class: "mono" }, each.summary)],
    [t("function.entity"), each.entity && h("a", { href: link("messages", [each.entity]) }, each.entity)],
    [t("function.capability"), each.capability],
    [t("function.counts"), `${n("functions.runs", each.runs)}, ${n("functions.failures", each.failures)}`],
    [t("function.p50"), each.p50_ms === null ? "" : duration(each.p50_ms)],
    [t("function.next"), each.next_at ? [at(each.next_at), " · ", since(each.next_at)] : ""],
  ]);

export const one = ({ redraw, announce }) => {
  const last = watch(redraw);
  const sure = sureness(redraw, announce);
  const input = { name: "", text: "", told: "" };

  const start = (name) => async () => {
    await post(`functions/${part(name)}/run`, { input: input.text });
    last.again();
    input.told = t("function.started", { name });
    return input.told;
  };
  const starting = (each) =>
    h("div", { class: "starting" },
      h("label", { class: "field" },
        h("span", { class: "label" }, t("function.input")),
        h("textarea", {
          rows: 2, value: input.text, spellcheck: "false", class: "mono",
          oninput: (event) => ((input.text = event.target.value), redraw()),
        }),
        h("span", { class: "hint" }, t(`function.input.${each.trigger}`))),
      sure.direct(`run-${each.name}`, {
        label: t("function.run"), drawing: "play", kind: "primary", work: start(each.name),
      }),
      input.told && h("p", { class: "told" }, icon("check"), input.told));

  return {
    draw: (name, each, loaded, list) => {
      if (input.name !== name) Object.assign(input, { name, text: "", told: "" });
      last.at(`functions/${part(name)}/runs?limit=${RUNS}`);
      return [
        back(list, t("nav.functions")),
        h("div", { class: "head" },
          h("h2", {}, name),
          each && !USUAL.has(each.state) && !each.disabled ? badge(each.state, "weak") : null,
          each?.disabled ? badge(t("functions.disabled"), "weak") : null),
        each ? known(each) : loaded && h("p", { class: "muted" }, t("function.unknown")),
        each && each.trigger !== "http" ? starting(each) : null,
        h("h3", {}, t("function.runs", { count: number(RUNS) })),
        shown(last, runs, 6),
      ];
    },
    close: () => last.close(),
  };
};
