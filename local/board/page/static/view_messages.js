// Queues, topics and their subscriptions: what waits in each, and what nobody could handle.
import { h } from "./h.js";
import { back, choose, empty, figure, filterBox, icon, shown, split } from "./pieces.js";
import { link, refine } from "./route.js";
import { n, sorted, t } from "./words.js";
import { inside } from "./view_entity.js";
import { watch } from "./watch.js";

/** Dead letters first to the eye: a queue that has some is opened at them. */
const address = (each, query) =>
  link("messages", [each.name], { text: query.get("text"), dead: each.dead_letters > 0 ? "1" : "" });

const counts = (each) => [
  h("span", { key: "waiting", class: "end", title: t("entity.waiting") },
    icon("hourglass"), figure(each.active + each.locked + each.scheduled + each.deferred),
    h("span", { class: "visually-hidden" }, t("entity.waiting"))),
  h("span", { key: "dead", class: "end", title: t("entity.dead") },
    icon("skull"), figure(each.dead_letters, "bad"),
    h("span", { class: "visually-hidden" }, t("entity.dead"))),
];

const row = (chosen, query) => (each) =>
  h(
    "li", { key: each.name },
    h("a",
      {
        class: `line entity ${each.kind}`, "data-row": true, href: address(each, query),
        "aria-current": each.name === chosen ? "true" : undefined,
      },
      h("span", { class: "what" },
        icon(each.kind === "subscription" ? "corner-down-right" : "inbox", each.kind),
        h("span", { class: "name" },
          each.kind === "subscription" ? each.name.split("/").at(-1) : each.name)),
      counts(each)),
  );

const group = (id, title, items, chosen, query, drawing) =>
  items.length > 0 &&
  h(
    "section", { key: id, class: "group", "aria-labelledby": `group-${id}` },
    h("h2", { id: `group-${id}` }, icon(drawing), title),
    h("ul", { class: "lines card flush" }, items.map(row(chosen, query))),
  );

const topicOf = (each) => each.topic ?? each.name.split("/")[0];

/** A topic keeps nothing itself; its subscriptions do. */
const topic = (name, items, query) => [
  back(link("messages"), t("nav.messages")),
  group("of-topic", name, items.filter((each) => each.topic === name), "", query, "split"),
];

/** Every topic as a group of its subscriptions, the queues before them. */
const groups = (items, chosen, query) => {
  const named = sorted(items, (each) => each.name);
  const subscriptions = named.filter((each) => each.kind === "subscription");
  const topics = [...new Set(subscriptions.map(topicOf))];
  const queues = named.filter((each) => each.kind === "queue");
  return [
    group("queues", t("entity.queues"), queues, chosen, query, "inbox"),
    topics.map((topic) =>
      group(topic, topic, subscriptions.filter((each) => topicOf(each) === topic), chosen, query, "split")),
  ];
};

const list = (route) => (data) => {
  const entities = data.entities ?? data.items;
  const text = (route.query.get("text") ?? "").toLowerCase();
  const found = entities.filter((each) => each.name.toLowerCase().includes(text));
  const dead = entities.reduce((sum, each) => sum + (each.dead_letters ?? 0), 0);
  return [
    h("div", { class: "bar" },
      filterBox("entity-text", t("entity.filter"), route.query.get("text") ?? "", (value) => refine({ text: value }))),
    h("p", { class: `standing ${dead ? "bad" : "good"}` },
      icon(dead ? "skull" : "circle-check"), dead ? n("entity.dead.all", dead) : t("entity.dead.none")),
    found.length
      ? groups(found, route.rest[0], route.query)
      : empty("inbox", t("nothing.found"), t(entities.length ? "entity.none" : "entity.empty")),
  ];
};

export const open = (shell) => {
  const entities = watch(shell.redraw);
  entities.at("entities");
  const detail = inside(shell, () => (entities.again(), shell.overview.again()));
  return {
    draw: (route) => {
      const name = route.rest[0] ?? "";
      const all = entities.data?.entities ?? entities.data?.items;
      const known = all?.find((each) => each.name === name);
      return split(
        name !== "",
        shown(entities, list(route), 10),
        name
          ? known?.kind === "topic"
            ? topic(name, all, route.query)
            : detail.draw(name, known, route)
          : choose("inbox", t("entity.choose")),
      );
    },
    close: () => (entities.close(), detail.close()),
  };
};
