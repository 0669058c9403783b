// Sentences in the reader's language; times and names as the reader writes them.
const sentences = JSON.parse(document.querySelector('meta[name="messages"]').content);
const language = document.documentElement.lang;

/** The reader's own variety of the page's language, such as en-GB. */
export const locale =
  navigator.languages.find((each) => each.toLowerCase().split("-")[0] === language) ?? language;

export const has = (key) => key in sentences;

export const t = (key, values = {}) => {
  if (!has(key)) throw new Error(`No sentence ${key}`);
  return sentences[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
};

/** Date and time in the reader's zone, which is named. */
export const moment = (iso) =>
  new Intl.DateTimeFormat(locale, {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "numeric",
    minute: "2-digit",
    timeZoneName: "short",
  }).format(new Date(iso));

/** The day that it is in UTC. */
export const dayInUtc = (date) =>
  new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(date);

export const names = (list) => new Intl.ListFormat(locale, { type: "conjunction" }).format(list);
