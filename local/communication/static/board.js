// Keeps the board up to date, opens messages in place and lets a clearing be undone.
// Without it the page is the same, by links and a submit button.

const said = document.body.dataset;
const byId = (id) => document.getElementById(id);
const REPLACED = ["count", "list", "hint"];
const UNDO_MS = 10_000;
const TYPING_MS = 250;

// --- times, in the reader's zone and locale

const locale = navigator.language;
const clock = new Intl.DateTimeFormat(locale, { timeStyle: "short" });
const day = new Intl.DateTimeFormat(locale, { day: "numeric", month: "short" });
const whole = new Intl.DateTimeFormat(locale, {
  year: "numeric", month: "long", day: "numeric",
  hour: "2-digit", minute: "2-digit", second: "2-digit", timeZoneName: "short",
});

function localiseTimes(within) {
  const today = new Date().toDateString();
  for (const element of within.querySelectorAll("time")) {
    const at = new Date(element.dateTime);
    const short = at.toDateString() === today ? clock : day;
    element.textContent = ("short" in element.dataset ? short : whole).format(at);
    element.title = whole.format(at);
  }
}

// --- the board, fetched again and put in place

let latest = newest(document);
let last = 0; // only the answer to the last question counts

function newest(page) {
  return Number(page.querySelector("#list a")?.dataset.seq ?? 0);
}

async function show(url, { keepReading = false, announce = false } = {}) {
  const asked = ++last;
  const answer = await fetch(url, { headers: { Accept: "text/html" } });
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (asked !== last) return;
  const focused = document.activeElement?.closest?.("#list a")?.getAttribute("href");
  for (const id of REPLACED) byId(id).replaceChildren(...page.getElementById(id).childNodes);
  byId("count").dataset.total = page.getElementById("count").dataset.total;
  const reading = byId("reading");
  const next = page.getElementById("reading");
  if (!keepReading || reading.dataset.message !== next.dataset.message || !next.dataset.message) {
    reading.replaceChildren(...next.childNodes);
    reading.dataset.message = next.dataset.message;
  }
  Object.assign(byId("board").dataset, page.getElementById("board").dataset);
  document.title = page.title;
  localiseTimes(byId("board"));
  if (focused) byId("list").querySelector(`a[href="${CSS.escape(focused)}"]`)?.focus();
  byId("clear").hidden = byId("count").dataset.total === "0";
  const first = page.querySelector("#list a") ?? byId("list").querySelector("a");
  if (announce && first && Number(first.dataset.seq) > latest) {
    byId("announcement").textContent = said.saidArrived.replace("{to}", first.dataset.to);
  }
  latest = Math.max(latest, newest(document));
}

const here = () => location.pathname + location.search;

function refresh() {
  show(here(), { keepReading: true, announce: true }).catch(() => live(false));
}

// --- opening messages without leaving the page; back and deep links work as they always do

document.addEventListener("click", (event) => {
  const link = event.target.closest("#list a, a.back, #hint a");
  if (!link || event.button || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return;
  event.preventDefault();
  const from = location.pathname;
  history.pushState(null, "", link.href);
  if (link.matches("#hint a")) byId("filter").querySelector("[name=to]").value = "";
  show(here())
    .then(() => {
      if (link.matches("a.back")) {
        const left = [...byId("list").querySelectorAll("a")].find((a) => a.pathname === from);
        (left ?? byId("list")).focus();
      } else {
        byId("reading").focus({ preventScroll: true });
        scrollTo(0, 0);
      }
    })
    .catch(() => location.reload());
});

addEventListener("popstate", () => {
  const asked = new URLSearchParams(location.search);
  const filter = byId("filter");
  filter.elements.to.value = asked.get("to") ?? "";
  filter.elements.channel.value = asked.get("channel") ?? "";
  show(here()).catch(() => location.reload());
});

// --- filtering while typing

const filter = byId("filter");
let typing;

function applyFilter() {
  clearTimeout(typing);
  const query = new URLSearchParams([...new FormData(filter)].filter(([, value]) => value));
  history.replaceState(null, "", query.size ? `/?${query}` : "/");
  show(here()).catch(() => live(false));
}

filter.addEventListener("input", (event) => {
  clearTimeout(typing);
  if (event.target.type === "radio") applyFilter();
  else typing = setTimeout(applyFilter, TYPING_MS);
});
filter.addEventListener("submit", (event) => {
  event.preventDefault();
  applyFilter();
});
filter.classList.add("by-itself");

// --- clearing, and taking it back

const toast = byId("toast");
let leaving;

function say(text, undo) {
  clearTimeout(leaving);
  byId("toast-text").textContent = text;
  byId("undo").hidden = !undo;
  toast.hidden = false;
  leaving = setTimeout(() => { toast.hidden = true; }, UNDO_MS);
}

async function change(path, method) {
  const answer = await fetch(path, { method });
  if (!answer.ok) throw new Error(String(answer.status));
  return answer.json();
}

byId("clear").addEventListener("click", () => {
  change("/_local/messages", "DELETE")
    .then(({ cleared }) => {
      if (location.pathname !== "/") history.pushState(null, "", "/");
      say(cleared === 1 ? said.saidClearedOne : said.saidCleared.replace("{count}", cleared), true);
      byId("undo").focus();
      return show(here());
    })
    .catch(() => say(said.saidFailed, false));
});
byId("undo").addEventListener("click", () => {
  change("/_local/messages/restore", "POST")
    .then(() => {
      say(said.saidRestored, false);
      return show(here());
    })
    .then(() => byId("list").focus())
    .catch(() => say(said.saidFailed, false));
});
byId("clear").hidden = byId("count").dataset.total === "0";

// --- word of changes

function live(connected) {
  const state = byId("live");
  state.hidden = false;
  state.dataset.state = connected ? "on" : "off";
  byId("live-text").textContent = connected ? said.saidLive : said.saidReconnecting;
}

const changes = new EventSource("/_local/events");
changes.addEventListener("open", () => live(true));
changes.addEventListener("message", ({ data }) => {
  if (data !== byId("board").dataset.version) refresh();
});
changes.addEventListener("error", () => live(false));
addEventListener("pagehide", () => changes.close());

// --- theme

const theme = byId("theme");
theme.value = document.documentElement.dataset.theme ?? "";
theme.parentElement.hidden = false;
theme.addEventListener("change", () => {
  if (theme.value) document.documentElement.dataset.theme = theme.value;
  else delete document.documentElement.dataset.theme;
  try {
    localStorage.setItem("theme", theme.value);
  } catch {
    // Storage may be forbidden; then the choice lasts as long as the page.
  }
});

localiseTimes(document);
