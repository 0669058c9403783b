// The keyboard: letters that lead somewhere, rows walked with j and k, and the list of it all.
import { draw, h } from "./h.js";
import { LETTERS } from "./nav.js";
import { openPalette } from "./palette.js";
import { button } from "./pieces.js";
import { go, link } from "./route.js";
import { t } from "./words.js";

const CHORD_MS = 1500;
const OFF = "single-keys-off";
const isMac = /Mac|iPhone|iPad/.test(navigator.platform);
const help = document.getElementById("help");
const heading = document.getElementById("heading");

const kept = (name) => {
  try {
    return localStorage.getItem(name) === "yes";
  } catch {
    return false; // storage is blocked
  }
};
let off = kept(OFF);

const switched = (wanted) => {
  off = !wanted;
  try {
    localStorage.setItem(OFF, off ? "yes" : "no");
  } catch {
    // it holds for this page
  }
};

const isTyping = (target) => target.closest?.("input, textarea, select, [contenteditable]");

const rows = () =>
  [...document.querySelectorAll("main [data-row]")].filter((each) => each.checkVisibility());

/** The next row in that direction takes the focus; in the pane where the focus is. */
const walk = (step) => {
  const all = rows();
  const pane = document.activeElement?.closest?.(".list, .detail");
  const within = all.filter((each) => pane?.contains(each));
  const list = within.length ? within : all;
  const at = list.findIndex((each) => each.contains(document.activeElement));
  const chosen = list.findIndex((each) => each.matches("[aria-current='true']"));
  const from = at === -1 ? (chosen === -1 ? (step > 0 ? -1 : list.length) : chosen) : at;
  const next = list[Math.max(0, Math.min(list.length - 1, from + step))];
  if (!next) return;
  next.focus({ preventScroll: true });
  next.scrollIntoView({ block: "nearest" });
};

const line = (keys, sentence) =>
  h("div", { key: sentence }, h("dt", {}, keys.map((each) => h("kbd", {}, each))), h("dd", {}, sentence));

const places = () =>
  Object.entries(LETTERS).map(([letter, name]) => line(["g", letter], t(`nav.${name}`)));

const openHelp = () => {
  if (help.open) return;
  draw(
    help,
    h("h2", { id: "help-title" }, t("help.title")),
    h("div", { class: "columns" },
      h("dl", {},
        line([isMac ? "⌘ K" : "Ctrl K", "/"], t("help.palette")),
        line(["j", "k"], t("help.rows")),
        line(["Enter"], t("help.enter")),
        line(["Esc"], t("help.escape")),
        line(["p"], t("help.pause")),
        line([isMac ? "⌘ Enter" : "Ctrl Enter"], t("help.query")),
        line(["?"], t("help"))),
      h("dl", {}, places())),
    h("label", { class: "checkbox" },
      h("input", { type: "checkbox", checked: !off, onchange: (event) => switched(event.target.checked) }),
      t("help.single")),
    h("p", { class: "row end" }, button(t("close"), () => help.close(), { kind: "primary" })),
  );
  help.showModal();
};

const chords = (key, wait) => {
  if (!wait.for) return false;
  wait.for = false;
  clearTimeout(wait.timer);
  if (!(key in LETTERS)) return false;
  go(link(LETTERS[key]));
  return true;
};

const singles = (announce) => {
  const wait = { for: false, timer: 0 };
  const single = {
    "/": () => openPalette(),
    "?": openHelp,
    j: () => walk(1),
    k: () => walk(-1),
    g: () => {
      wait.for = true;
      wait.timer = setTimeout(() => (wait.for = false), CHORD_MS);
      announce(t("help.chord"));
    },
  };
  return (key, ofView) => {
    if (chords(key, wait)) return true;
    const does = ofView[key] ?? single[key];
    does?.();
    return Boolean(does);
  };
};

export const followKeys = ({ keysOfView, announce }) => {
  const pressed = singles(announce);
  addEventListener("keydown", (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
      event.preventDefault();
      return openPalette();
    }
    if (event.ctrlKey || event.metaKey || event.altKey || off) return undefined;
    if (isTyping(event.target) || document.querySelector("dialog[open]")) return undefined;
    if (pressed(event.key, keysOfView())) event.preventDefault();
    return undefined;
  });
  for (const each of document.querySelectorAll("kbd.keys")) each.textContent = isMac ? "⌘ K" : "Ctrl K";
  document.getElementById("help-open").addEventListener("click", openHelp);
  document.getElementById("find").addEventListener("click", openPalette);
  document.getElementById("skip").addEventListener("click", (event) => {
    event.preventDefault(); // the part of the address behind # says which view is open
    heading.focus();
  });
  help.addEventListener("click", (event) => event.target === help && help.close());
};
