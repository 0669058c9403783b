// Asks once more in place before something that cannot be undone, and tells what came of it.
import { h } from "./h.js";
import { button } from "./pieces.js";
import { t } from "./words.js";

/** One per view: which question is open, what is being done, what went wrong or well. */
export const sureness = (redraw, announce) => {
  let open = null;
  let busy = null;
  let failed = null;

  const act = async (key, work) => {
    busy = key;
    redraw();
    try {
      announce(await work());
      failed = null;
    } catch (error) {
      failed = { key, error };
    }
    busy = open = null;
    redraw();
  };

  const ask = (key) => {
    open = key;
    failed = null;
    redraw();
    requestAnimationFrame(() => document.getElementById(`sure-${key}`)?.focus());
  };
  const leave = (key) => {
    open = null;
    redraw();
    requestAnimationFrame(() => document.getElementById(`ask-${key}`)?.focus());
  };

  const question = (key, sentence, label, work) =>
    h(
      "span",
      {
        key, class: "sure", role: "group", "aria-label": sentence,
        onkeydown: (event) => {
          if (event.key !== "Escape") return;
          event.stopPropagation();
          leave(key);
        },
      },
      h("span", { class: "question" }, sentence),
      button(label, () => act(key, work), {
        id: `sure-${key}`, kind: "danger", "aria-busy": String(busy === key),
      }),
      button(t("keep"), () => leave(key), {}),
    );

  const wrong = (key) =>
    failed?.key === key &&
    h("p", { class: "problem", role: "alert" },
      failed.error.message || t("trouble.other", { status: failed.error.status }),
      failed.error.remedy && ` ${failed.error.remedy}`);

  return {
    /** A button that asks first. `key` is fit for an id. */
    asked: (key, { label, sentence, drawing, work, kind = "quiet bad" }) =>
      open === key
        ? question(key, sentence, label, work)
        : h("span", { key: `${key}-ask`, class: "asking" },
            button(label, () => ask(key), { id: `ask-${key}`, drawing, kind }), wrong(key)),
    /** A button that acts at once. */
    direct: (key, { label, drawing, work, kind = "" }) =>
      h("span", { key: `${key}-act`, class: "asking" },
        button(label, () => busy || act(key, work), {
          id: `act-${key}`, drawing, kind, "aria-busy": String(busy === key),
        }),
        wrong(key)),
  };
};
