// The box to ask a container with: the query, the partition, what came of it and what it cost.
import { post } from "./ask.js";
import { askedBefore, remember } from "./asked_before.js";
import { h } from "./h.js";
import { brief, jsonBlock } from "./json.js";
import { parameterFields, parametersFor } from "./query_parameters.js";
import { back, badge, button, choice, empty, facts, icon, trouble, waiting } from "./pieces.js";
import { decimal, duration, n, number, t } from "./words.js";

const FIRST = "SELECT * FROM c";
const PAGE = 50;
const OWN = new Set(["_rid", "_self", "_etag", "_attachments", "_ts"]);
const MOST_COLUMNS = 12;

/** Columns in the order in which they first come; the service's own stay in the JSON. */
const columnsOf = (items) => {
  const names = new Set();
  for (const item of items) for (const name of Object.keys(item)) if (!OWN.has(name)) names.add(name);
  return [...names].slice(0, MOST_COLUMNS);
};

const isRecord = (item) => item !== null && typeof item === "object" && !Array.isArray(item);

/** What was typed as the partition: a JSON list, or one plain value. Throws SyntaxError. */
const partition = (text) => {
  const trimmed = text.trim();
  if (!trimmed) return null;
  if (trimmed.startsWith("[")) return JSON.parse(trimmed);
  return [trimmed];
};

export const asking = ({ redraw, announce }) => {
  const held = {};

  const of = (container) => {
    const [last] = askedBefore(container);
    held[container] ??= {
      text: last?.text ?? FIRST, key: last?.key ?? "", as: "table", open: -1, given: {},
      found: null, error: null, busy: false,
    };
    return held[container];
  };

  const ask = async (container, more = false) => {
    const query = of(container);
    if (query.busy) return;
    Object.assign(query, { busy: true, error: null });
    redraw();
    try {
      const partitionKey = partition(query.key);
      const found = await post("query", {
        container, query: query.text, parameters: parametersFor(query.text, query.given), partition_key: partitionKey,
        cursor: more ? query.found.cursor : null, limit: PAGE,
      });
      const before = more ? query.found : { items: [], request_charge: 0, duration_ms: 0 };
      query.found = {
        items: [...before.items, ...found.items], cursor: found.cursor,
        request_charge: before.request_charge + found.request_charge,
        duration_ms: before.duration_ms + found.duration_ms,
      };
      if (!more) {
        query.open = -1;
        remember(container, query.text, query.key);
      }
      announce(n("query.found", query.found.items.length), { quietly: true });
    } catch (error) {
      if (!more) query.found = null; // what was found before answers another question
      query.error =
        error instanceof SyntaxError ? Object.assign(new Error(t("query.partition.wrong")), { remedy: "" }) : error;
    }
    query.busy = false;
    redraw();
  };

  const history = (container, query) => {
    const before = askedBefore(container);
    return (
      before.length > 0 &&
      h("label", { class: "order" }, icon("history"), h("span", { class: "visually-hidden" }, t("query.history")),
        h("select", {
          class: "select", value: "",
          onchange: (event) => {
            const chosen = before[Number(event.target.value)];
            event.target.value = "";
            if (chosen) Object.assign(query, { text: chosen.text, key: chosen.key ?? "" });
            redraw();
          },
        },
        h("option", { key: "", value: "" }, t("query.history")),
        before.map((each, at) => h("option", { key: `${each.text} ${each.key}`, value: String(at) }, brief(each.text, 80)))))
    );
  };

  const form = (container, query, known) => {
    const send = (event) => {
      if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
      event.preventDefault();
      ask(container);
    };
    return h(
      "form", { class: "query", onsubmit: (event) => (event.preventDefault(), ask(container)) },
      h("label", { class: "field" }, h("span", { class: "label" }, t("query.text")),
        h("textarea", {
          id: "query-text", class: "mono", value: query.text, spellcheck: "false", autocapitalize: "off",
          rows: Math.min(12, Math.max(3, query.text.split("\n").length)), onkeydown: send,
          oninput: (event) => ((query.text = event.target.value), redraw()),
        })),
      parameterFields(query.text, query.given, redraw, send),
      h("label", { class: "field" }, h("span", { class: "label" }, t("query.partition")),
        h("input", {
          id: "query-partition", class: "mono", value: query.key, spellcheck: "false", autocapitalize: "off",
          placeholder: (known?.partition_key ?? []).map((each) => each.slice(1)).join(", "), onkeydown: send,
          oninput: (event) => ((query.key = event.target.value), redraw()),
        }),
        h("span", { class: "hint" }, t("query.partition.hint"))),
      h("div", { class: "row" },
        h("button", { type: "submit", class: "button primary", "aria-busy": String(query.busy) },
          icon("play"), t("query.ask")),
        history(container, query), h("span", { class: "muted small grow" }, t("query.read.only"))),
      query.error && trouble(query.error, { again: false }),
    );
  };

  const table = (query) => {
    const columns = columnsOf(query.found.items);
    const line = (item, at) => {
      const toggle = () => ((query.open = query.open === at ? -1 : at), redraw());
      return [
        h("tr", { key: at, class: query.open === at ? "chosen" : "" },
          h("td", {},
            h("button", {
              type: "button", class: "show", "data-row": true, "aria-expanded": String(query.open === at),
              "aria-label": t("query.row", { number: at + 1 }), onclick: toggle,
            }, icon("chevron-right", "turn"))),
          columns.map((name) => h("td", { key: name, onclick: toggle }, item[name] === undefined ? "" : brief(item[name], 60)))),
        query.open === at &&
          h("tr", { key: `${at} json` }, h("td", { colspan: columns.length + 1 }, h("div", { class: "inside" }, jsonBlock(item)))),
      ];
    };
    return h(
      "div", { class: "scroll view card flush", tabindex: "0", role: "region", "aria-label": t("query.results") },
      h("table", {},
        h("thead", {}, h("tr", {},
          h("th", {}, h("span", { class: "visually-hidden" }, t("query.whole"))),
          columns.map((name) => h("th", { key: name, scope: "col" }, name)))),
        h("tbody", {}, query.found.items.map(line))),
    );
  };

  const results = (container, query) => {
    const { items, cursor, request_charge: charge, duration_ms: took } = query.found;
    const records = items.length > 0 && items.every(isRecord);
    return [
      h("div", { class: "bar results" },
        h("p", { class: "sum" },
          h("strong", {}, n("query.found", items.length)),
          h("span", {}, t("query.charge", { charge: decimal(charge) })),
          h("span", {}, duration(took))),
        records &&
          choice(t("query.as"), [["table", t("query.table")], ["json", t("json")]], query.as,
            (as) => ((query.as = as), redraw()))),
      items.length === 0
        ? empty("search", t("query.none"), t("query.none.how"))
        : records && query.as === "table" ? table(query) : jsonBlock(items, t("query.results")),
      cursor && h("p", { class: "row paging" },
        button(t("page.more"), () => ask(container, true), { "aria-busy": String(query.busy) })),
    ];
  };

  return {
    draw: (container, known, list) => {
      const query = of(container);
      return [
        back(list, t("nav.cosmos")),
        h("div", { class: "head" }, h("h2", {}, container),
          known && known.items !== null && badge(t("cosmos.holds", { count: number(known.items) }))),
        known && facts([
          [t("cosmos.partition"), h("span", { class: "mono" }, (known.partition_key ?? []).join(" "))],
          [t("cosmos.ttl"), known.default_ttl_s > 0 ? duration(known.default_ttl_s * 1000) : ""],
        ]),
        form(container, query, known),
        query.found ? results(container, query) : query.busy && waiting(4),
      ];
    },
  };
};
