// Sentences in the reader's language; times, durations and amounts as the reader writes them.
const sentences = JSON.parse(document.querySelector('meta[name="messages"]').content);
const language = document.documentElement.lang;

/** The reader's own variety of the page's language, such as en-GB. */
const locale =
  navigator.languages.find((each) => each.toLowerCase().split("-")[0] === language) ?? language;

export const has = (key) => Object.hasOwn(sentences, key);

export const t = (key, values = {}) => {
  if (!has(key)) throw new Error(`No sentence ${key}`);
  return sentences[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
};

const plural = new Intl.PluralRules(locale);
const whole = new Intl.NumberFormat(locale);
const short = new Intl.NumberFormat(locale, { maximumFractionDigits: 1 });
const exact = new Intl.NumberFormat(locale, { maximumFractionDigits: 2 });

export const number = (count) => whole.format(count);
export const decimal = (amount) => exact.format(amount);

/** n("blobs.count", 3): the sentence `blobs.count.one` or `.other`, with the count in it. */
export const n = (key, count) => t(`${key}.${plural.select(count)}`, { count: number(count) });

const format = (options) => {
  const formatter = new Intl.DateTimeFormat(locale, options);
  return (iso) => formatter.format(new Date(iso));
};
const clock = { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" };
const today = format({ ...clock });
const dated = format({ day: "numeric", month: "short", ...clock });

/** 15:04:05, with the day before it when that is not today. */
export const time = (iso) =>
  (new Date(iso).toDateString() === new Date().toDateString() ? today : dated)(iso);

/** 15:04:05.123, as in a log. */
export const fineTime = format({ ...clock, fractionalSecondDigits: 3 });

/** All of it, with the zone. */
export const moment = format({
  weekday: "short", day: "numeric", month: "short", year: "numeric",
  ...clock, fractionalSecondDigits: 3, timeZoneName: "short",
});

/** Europe/Berlin (CET) */
export const zone = () => {
  const { timeZone } = new Intl.DateTimeFormat(locale).resolvedOptions();
  const parts = new Intl.DateTimeFormat(locale, { timeZoneName: "short" }).formatToParts();
  const name = parts.find((each) => each.type === "timeZoneName")?.value ?? "";
  return name && name !== timeZone ? `${timeZone} (${name})` : timeZone;
};

const relative = new Intl.RelativeTimeFormat(locale, { numeric: "auto", style: "short" });
const STEPS = [[60, "second", 1], [3600, "minute", 60], [86400, "hour", 3600]];

/** "3 min. ago"; what is hardly past is now. */
export const ago = (iso) => {
  const seconds = (new Date(iso) - Date.now()) / 1000;
  if (Math.abs(seconds) < 5) return t("time.now");
  for (const [below, unit, size] of STEPS) {
    if (Math.abs(seconds) < below) return relative.format(Math.round(seconds / size), unit);
  }
  return relative.format(Math.round(seconds / 86400), "day");
};

/** 12 ms, 1.2 s, 2 min 3 s, 4 h 5 min, 2 d 3 h: symbols that need no translation. */
export const duration = (ms) => {
  if (ms < 10) return `${short.format(ms)} ms`;
  if (ms < 1000) return `${Math.round(ms)} ms`;
  if (ms < 60_000) return `${short.format(ms / 1000)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return pair(seconds, 60, "min", "s");
  if (seconds < 86_400) return pair(Math.round(seconds / 60), 60, "h", "min");
  return pair(Math.round(seconds / 3600), 24, "d", "h");
};

const pair = (amount, size, large, small) => {
  const rest = amount % size;
  return `${whole.format(Math.floor(amount / size))} ${large}${rest ? ` ${rest} ${small}` : ""}`;
};

export const bytes = (count) => {
  if (count < 1000) return `${count} B`;
  const [size, unit] = count < 1e6 ? [1e3, "kB"] : count < 1e9 ? [1e6, "MB"] : [1e9, "GB"];
  return `${short.format(count / size)} ${unit}`;
};

const byName = new Intl.Collator(locale, { numeric: true }).compare;
export const sorted = (items, of) => [...items].sort((a, b) => byName(of(a), of(b)));

/** The sentence for a word that others choose, or that word itself. */
export const say = (prefix, word) => (has(`${prefix}.${word}`) ? t(`${prefix}.${word}`) : String(word ?? ""));
