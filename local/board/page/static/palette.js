// One box that finds everything: places, functions, queues, containers, correlation ids.
import { get, part } from "./ask.js";
import { draw, h } from "./h.js";
import { LETTERS, PLACES } from "./nav.js";
import { icon } from "./pieces.js";
import { go, link } from "./route.js";
import { n, t } from "./words.js";

const TYPING_MS = 120;
const MOST = 40;
const DRAWINGS = {
  function: "square-function", queue: "inbox", topic: "split",
  subscription: "inbox", entity: "inbox", container: "database", blobs: "files",
  correlation: "route", correlation_id: "route", timeline: "route",
};
const OF_PLACES = Object.fromEntries(PLACES);
const dialog = document.getElementById("palette");
const held = { text: "", found: [], at: 0, error: null };
let timer = 0;
let round = 0;

const places = () => {
  const asked = held.text.trim().toLowerCase();
  return Object.entries(LETTERS)
    .map(([letter, name]) => ({
      kind: "place", title: t(`nav.${name}`), detail: `g ${letter}`, link: link(name), drawing: OF_PLACES[name],
    }))
    .filter((each) => each.title.toLowerCase().includes(asked));
};

const items = () => [...places(), ...held.found].slice(0, MOST);

const open = (item) => {
  dialog.close();
  if (item) go(item.link);
};

const option = (item, at) =>
  h(
    "li",
    {
      key: `${item.kind} ${item.link}`, id: `found-${at}`, role: "option",
      "aria-selected": String(at === held.at),
      onclick: () => open(item),
      onpointermove: () => at !== held.at && choose(at),
    },
    icon(item.drawing ?? DRAWINGS[item.kind] ?? "search"),
    h("span", { class: "what" }, item.title),
    item.detail &&
      (item.kind === "place" ? h("kbd", {}, item.detail) : h("span", { class: "muted" }, item.detail)),
  );

const show = () => {
  const list = items();
  held.at = Math.max(0, Math.min(held.at, list.length - 1));
  draw(
    dialog,
    h("div", { class: "asked" },
      icon("search"),
      h("input", {
        id: "palette-text", type: "text", role: "combobox", value: held.text,
        "aria-label": t("palette"), "aria-expanded": "true", "aria-controls": "palette-found",
        "aria-autocomplete": "list", "aria-activedescendant": list.length ? `found-${held.at}` : "",
        placeholder: t("palette.hint"), autocomplete: "off", spellcheck: "false",
        oninput: (event) => type(event.target.value), onkeydown: steer,
      }),
      h("button", { type: "button", class: "close", onclick: () => dialog.close() }, h("kbd", {}, "Esc"),
        h("span", { class: "visually-hidden" }, t("close")))),
    h("ul", { id: "palette-found", role: "listbox", "aria-label": t("palette") }, list.map(option)),
    list.length === 0 && h("p", { class: "none" }, t("palette.none", { text: held.text })),
    held.error && h("p", { class: "problem" }, held.error.message || t("trouble.board")),
    h("p", { class: "visually-hidden", role: "status" }, n("palette.found", list.length)),
  );
};

const choose = (at) => {
  held.at = at;
  show();
  document.getElementById(`found-${held.at}`)?.scrollIntoView({ block: "nearest" });
};

const steer = (event) => {
  const count = items().length;
  const steps = { ArrowDown: held.at + 1, ArrowUp: held.at - 1, Home: 0, End: count - 1 };
  if (event.key === "Enter") open(items()[held.at]);
  else if (event.key in steps && count) choose((steps[event.key] + count) % count);
  else return;
  event.preventDefault();
};

const search = async () => {
  const mine = ++round;
  const asked = held.text.trim();
  const [found, error] = asked
    ? await get(`search?q=${part(asked)}`).then(({ items: all }) => [all, null], (refused) => [[], refused])
    : [[], null];
  if (mine !== round || !dialog.open) return;
  Object.assign(held, { found, error });
  show();
};

const type = (text) => {
  Object.assign(held, { text, at: 0 });
  clearTimeout(timer);
  timer = setTimeout(search, TYPING_MS);
  show();
};

export const openPalette = () => {
  if (dialog.open) return;
  Object.assign(held, { text: "", found: [], at: 0, error: null });
  show();
  dialog.showModal();
  document.getElementById("palette-text").focus();
};

dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
