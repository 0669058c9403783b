// Notices that float above the page until what they tell of is over.
import { find, make } from "./elements.js";
import { Refused, Unreachable } from "./asking.js";
import { has, t } from "./text.js";

const shown = new Map();

export const dismiss = (name) => {
  shown.get(name)?.remove();
  shown.delete(name);
};

/** One notice per name; a new one takes the place of the old. */
export const notify = (name, { sentence, reference, retry, kind = "bad" }) => {
  dismiss(name);
  const again = retry && (() => (dismiss(name), retry()));
  const notice = make(
    "div",
    { class: `notice ${kind}`, "data-notice": name },
    make(
      "div",
      {},
      make("p", {}, sentence),
      reference ? make("p", { class: "small" }, t("reference", { id: reference })) : null,
    ),
    again ? make("button", { class: "button", type: "button", onclick: again }, t("action.retry")) : null,
    make(
      "button",
      { class: "button quiet", type: "button", onclick: () => dismiss(name) },
      t("action.close"),
    ),
  );
  shown.set(name, notice);
  find("toasts").append(notice);
};

/** For as long as the device says that it has no connection. */
export const followConnection = () => {
  addEventListener("offline", () => {
    if (!shown.has("failure")) notify("offline", { sentence: t("offline"), kind: "weak" });
  });
  addEventListener("online", () => dismiss("offline"));
};

/** In words of the reader; what has no sentence of its own is trouble of ours. */
export const sentenceFor = (error) => {
  if (error instanceof Unreachable) return t("offline");
  if (!(error instanceof Refused)) return t("trouble");
  if (has(`refused.${error.code}`)) return t(`refused.${error.code}`);
  return t(error.status === 429 || error.status === 503 ? "trouble.busy" : "trouble");
};

/** Tells of a failure and offers to try again. */
export const tell = (error, retry) => {
  if (!(error instanceof Refused || error instanceof Unreachable)) console.error(error);
  const kind = error instanceof Unreachable ? "weak" : "bad";
  dismiss("offline"); // this one says it too, and offers more
  notify("failure", { sentence: sentenceFor(error), reference: error.reference, retry, kind });
};
