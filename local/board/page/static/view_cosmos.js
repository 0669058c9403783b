// Cosmos containers and a box to ask them with; what was asked before is kept on this device.
import { h } from "./h.js";
import { choose, empty, figure, filterBox, icon, shown, split } from "./pieces.js";
import { link, refine } from "./route.js";
import { n, sorted, t } from "./words.js";
import { asking } from "./view_query.js";
import { watch } from "./watch.js";

const row = (chosen, query) => (each) =>
  h(
    "li", { key: `${each.database}/${each.name}` },
    h("a",
      {
        class: "line", "data-row": true, href: link("cosmos", [each.name], Object.fromEntries(query)),
        "aria-current": each.name === chosen ? "true" : undefined,
      },
      h("span", { class: "what" },
        icon("database"),
        h("span", { class: "two" },
          h("span", { class: "name" }, each.name),
          h("span", { class: "muted mono" }, (each.partition_key ?? []).join(" ")))),
      h("span", { class: "end" }, figure(each.items), h("span", { class: "visually-hidden" }, t("cosmos.items")))),
  );

const list = (route) => ({ items }) => {
  const text = (route.query.get("text") ?? "").toLowerCase();
  const found = sorted(items.filter((each) => each.name.toLowerCase().includes(text)), (each) => each.name);
  return [
    h("div", { class: "bar" },
      filterBox("container-text", t("cosmos.filter"), route.query.get("text") ?? "", (value) => refine({ text: value }))),
    h("p", { class: "visually-hidden", role: "status" }, n("cosmos.count", found.length)),
    found.length
      ? h("ul", { class: "lines card flush" }, found.map(row(route.rest[0], route.query)))
      : empty("database", t("nothing.found"), t(items.length ? "cosmos.none" : "cosmos.empty")),
  ];
};

export const open = (shell) => {
  const containers = watch(shell.redraw, { every: 4000 });
  containers.at("containers");
  const query = asking(shell);
  return {
    draw: (route) => {
      const name = route.rest[0] ?? "";
      const known = containers.data?.items.find((each) => each.name === name);
      return split(
        name !== "",
        shown(containers, list(route), 8),
        name
          ? query.draw(name, known, link("cosmos", [], { text: route.query.get("text") }))
          : choose("database", t("cosmos.choose")),
      );
    },
    close: () => containers.close(),
  };
};
