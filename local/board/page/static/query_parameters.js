// The parameters that a query names, such as @tenant: found while it is typed, given beside it.
import { h } from "./h.js";
import { t } from "./words.js";

const STRINGS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g;
const NAMES = /@[A-Za-z_]\w*/g;

const namesIn = (query) => [...new Set(query.replace(STRINGS, "").match(NAMES) ?? [])];

/** JSON where it is JSON: 5 is a number, "5" and five are text. */
const valueOf = (text) => {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
};

export const parametersFor = (query, given) =>
  namesIn(query).map((name) => ({ name, value: valueOf(given[name] ?? "") }));

export const parameterFields = (query, given, changed, onkeydown) =>
  namesIn(query).map((name) =>
    h("label", { class: "field parameter", key: name },
      h("span", { class: "label mono" }, name),
      h("input", {
        class: "mono", value: given[name] ?? "", spellcheck: "false", autocapitalize: "off",
        placeholder: t("query.parameter"), onkeydown,
        oninput: (event) => ((given[name] = event.target.value), changed()),
      })));
