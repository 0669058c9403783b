// Blob containers, what lies in them, and a look at each file that is safe to look at.
import { get, part, path } from "./ask.js";
import { h } from "./h.js";
import { at, back, button, choose, empty, facts, filterBox, icon, shown, split } from "./pieces.js";
import { link, refine } from "./route.js";
import { bytes, n, number, t } from "./words.js";
import { preview } from "./preview.js";
import { watch } from "./watch.js";

const PAGE = 100;

const drawing = (type = "") =>
  type.startsWith("image/") ? "image" : /json/.test(type) ? "braces" : "file-text";

const container = (chosen) => (each) =>
  h(
    "li", { key: each.name },
    h("a",
      {
        class: "line", "data-row": true, href: link("blobs", [each.name]),
        "aria-current": each.name === chosen ? "true" : undefined,
      },
      h("span", { class: "what" }, icon("folder"), h("span", { class: "name" }, each.name)),
      h("span", { class: "muted end" }, each.more ? t("blobs.many", { count: number(each.blobs) }) : n("blobs.count", each.blobs)),
      h("span", { class: "muted end" }, bytes(each.bytes))),
  );

const containers = (chosen) => ({ items }) =>
  items.length
    ? h("ul", { class: "lines card flush" }, items.map(container(chosen)))
    : empty("files", t("blobs.empty"), t("blobs.empty.how"));

const blob = (box, chosen, query) => (each) =>
  h(
    "li", { key: each.name },
    h("a",
      {
        class: "line", "data-row": true, href: link("blobs", [box, each.name], Object.fromEntries(query)),
        "aria-current": each.name === chosen ? "true" : undefined,
      },
      h("span", { class: "what" },
        icon(drawing(each.content_type)),
        h("span", { class: "two" },
          h("span", { class: "name" }, each.name),
          h("span", { class: "muted" }, each.content_type))),
      h("span", { class: "muted end" }, bytes(each.bytes)),
      h("span", { class: "muted end" }, each.modified_at ? at(each.modified_at) : "")),
  );

const about = (box, each) => {
  const address = `/api/blobs/${part(box)}/content?name=${part(each.name)}`;
  return [
    h("div", { class: "head" }, h("h2", { class: "path" }, each.name)),
    facts([
      [t("blobs.type"), each.content_type],
      [t("blobs.size"), bytes(each.bytes)],
      [t("blobs.modified"), each.modified_at && at(each.modified_at)],
      ...Object.entries(each.metadata ?? {}).map(([name, value]) => [name, String(value)]),
    ]),
    h("p", { class: "row" },
      h("a", { class: "button", href: address, download: each.name.split("/").at(-1) },
        icon("arrow-up", "down"), t("blobs.download"))),
  ];
};

export const open = ({ redraw }) => {
  const boxes = watch(redraw);
  boxes.at("blobs");
  const inBox = watch(redraw);
  const looked = preview(redraw);
  const older = { of: "", items: [], cursor: undefined, error: null };

  const more = async () => {
    const of = inBox.path;
    const cursor = older.cursor ?? inBox.data?.cursor;
    try {
      const found = await get(`${of}&cursor=${part(cursor)}`);
      if (of !== inBox.path) return;
      Object.assign(older, { items: [...older.items, ...found.items], cursor: found.cursor, error: null });
    } catch (error) {
      older.error = error;
    }
    redraw();
  };

  const all = ({ items }) => {
    const first = new Set(items.map((each) => each.name));
    return [...items, ...older.items.filter((each) => !first.has(each.name))];
  };

  const files = (box, chosen, query) => (data) => {
    const items = all(data);
    const cursor = older.cursor === undefined ? data.cursor : older.cursor;
    return [
      items.length
        ? h("ul", { class: "lines card flush" }, items.map(blob(box, chosen, query)))
        : empty("folder", t("nothing.found"), t(query.get("prefix") ? "blobs.none" : "blobs.container.empty")),
      cursor && h("p", { class: "row paging" }, button(t("page.more"), more, { drawing: "chevron-right" })),
      older.error && h("p", { class: "problem" }, older.error.message),
    ];
  };

  const list = (box, chosen, query) => {
    if (!box) return shown(boxes, containers(box), 6);
    return [
      back(link("blobs"), t("blobs.containers")),
      h("div", { class: "bar" },
        h("h2", { class: "grow" }, box),
        filterBox("blob-prefix", t("blobs.prefix"), query.get("prefix") ?? "", (prefix) => refine({ prefix }))),
      shown(inBox, files(box, chosen, query), 6),
    ];
  };

  const detail = (box, name) => {
    const each = inBox.data && all(inBox.data).find((one) => one.name === name);
    looked.at(box, each);
    if (!name) return choose("files", t(box ? "blobs.choose.file" : "blobs.choose"));
    return [
      back(link("blobs", [box]), box),
      each ? [about(box, each), looked.draw()] : inBox.data && empty("files", t("blobs.gone"), t("blobs.gone.how")),
    ];
  };

  return {
    draw: ({ rest: [box = "", name = ""], query }) => {
      const wanted = box ? path(`blobs/${part(box)}`, { prefix: query.get("prefix"), limit: PAGE }) : null;
      inBox.at(wanted);
      if (older.of !== wanted) Object.assign(older, { of: wanted, items: [], cursor: undefined, error: null });
      return split(name !== "", list(box, name, query), detail(box, name));
    },
    close: () => (boxes.close(), inBox.close(), looked.at("", null)),
  };
};
