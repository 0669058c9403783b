// How things stand when there is nothing to sign (any more), one screen for each.
import { find } from "./elements.js";
import { Refused, Unreachable } from "./asking.js";
import { documentAddress } from "./esignature.signing.js";
import { names, t } from "./text.js";

const BY_CODE = {
  "signing-link-unknown": "unknown",
  "signing-link-expired": "expired",
  "signing-link-used": "replaced",
};
const ENDS = new Set(["declined", "expired", "voided"]);
const SCREENS = [...document.querySelectorAll("[data-standing]")];

/** One screen, and nothing else. */
export const showScreen = (name) => {
  find("loading").hidden = true;
  find("flow").hidden = true;
  find("steps").hidden = name !== "done";
  for (const screen of SCREENS) screen.hidden = screen.dataset.standing !== name;
  const heading = SCREENS.find((screen) => !screen.hidden).querySelector("h1");
  heading.tabIndex = -1;
  heading.focus();
};

export const hideScreens = () => SCREENS.forEach((screen) => (screen.hidden = true));

/** Why the link cannot be read. */
export const showRefusal = (error) => {
  if (error instanceof Refused && BY_CODE[error.code]) {
    const ended = error.more.envelope_status ?? error.more.state;
    return showScreen(ENDS.has(ended) ? (ended === "declined" ? "ended" : ended) : BY_CODE[error.code]);
  }
  const { reference } = error;
  find("unreachable-reference").textContent = reference ? t("reference", { id: reference }) : "";
  if (!(error instanceof Refused || error instanceof Unreachable)) console.error(error);
  return showScreen("unreachable");
};

const open = (view) => view.others.filter((other) => other.status !== "signed");

const showDone = (view) => {
  const complete = view.state === "completed";
  const others = names(open(view).map((other) => other.name));
  const text = others ? t("done.text.others", { others }) : t("done.text.sealing");
  find("done-title").textContent = t(complete ? "done.title.completed" : "done.title");
  find("done-text").textContent = complete ? t("done.text.completed") : text;
  find("done-download").textContent = t(complete ? "done.download.completed" : "done.download");
  showScreen("done");
};

const showWaiting = (view) => {
  const others = names(open(view).map((other) => other.name));
  find("waiting-for").textContent = others ? t("waiting.for", { others }) : "";
  showScreen("waiting");
};

/** For every state but `ready`. */
export const showStanding = (view) => {
  if (view.state === "signed" || view.state === "completed") showDone(view);
  else if (view.state === "waiting") showWaiting(view);
  else if (view.state === "declined" && view.signer.status !== "declined") showScreen("ended");
  else showScreen(view.state);
  for (const link of document.querySelectorAll("[data-download]")) link.href = documentAddress;
};
