// JSON as people read it: indented, and coloured by what each word is. Everything is text.
import { h } from "./h.js";
import { t } from "./words.js";

const TOKENS =
  /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
const MOST_COLOURED = 60_000;

const kindOf = (text, colon) => {
  if (colon) return "name";
  if (text.startsWith('"')) return "text";
  return /^[tfn]/.test(text) ? "word" : "number";
};

const coloured = (text) => {
  const pieces = [];
  let end = 0;
  for (const match of text.matchAll(TOKENS)) {
    if (match.index > end) pieces.push(text.slice(end, match.index));
    const token = match[1] ?? match[0];
    pieces.push(h("span", { class: `json-${kindOf(token, match[2])}` }, token), match[2] ?? "");
    end = match.index + match[0].length;
  }
  return [...pieces, text.slice(end)];
};

/** `text` as it came, unless it is JSON; then in order. */
const inOrder = (text) => {
  try {
    return { text: JSON.stringify(JSON.parse(text), null, 2), isJson: true };
  } catch {
    return { text, isJson: false };
  }
};

const block = (text, isJson, label) =>
  h(
    "pre",
    { class: "code", tabindex: "0", role: "region", "aria-label": label },
    h("code", {}, isJson && text.length <= MOST_COLOURED ? coloured(text) : text),
  );

export const jsonBlock = (value, label = t("json")) =>
  block(JSON.stringify(value, null, 2), true, label);

/** A body of unknown kind. */
export const bodyBlock = (body, label = t("body")) => {
  const { text, isJson } = inOrder(body);
  return block(text, isJson, label);
};

export const plainBlock = (text, label) => block(text, false, label);

/** One line of a value, for the cell of a table. */
export const brief = (value, most = 120) => {
  const text = typeof value === "string" ? value : JSON.stringify(value) ?? "";
  return text.length > most ? `${text.slice(0, most)}…` : text;
};
