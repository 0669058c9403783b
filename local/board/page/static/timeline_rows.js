// One thing after the other, each with its place and length on the common line.
import { h } from "./h.js";
import { facts, kindIcon } from "./pieces.js";
import { jsonBlock, plainBlock } from "./json.js";
import { link } from "./route.js";
import { scale, TURNS_AT } from "./timeline_scale.js";
import { duration, moment, say, t } from "./words.js";

const DEEPEST = 6;
const percent = (share) => `${(share * 100).toFixed(2)}%`;

export const isFailed = (each) =>
  each.failed || each.kind === "dead-letter" || /^(failed|failure|error|timeout)$/i.test(each.outcome ?? "") ||
  Number(each.status) >= 500;

/** What went wrong, in one line. */
const wrong = ({ detail = {} }) =>
  String(detail.error ?? detail.description ?? detail.reason ?? String(detail.stack ?? "").trim().split("\n").at(-1));

const DEAD = "/$DeadLetterQueue";

/** Where a message lies. */
const entityLink = (name) =>
  h("a", { href: link("messages", [name.replace(DEAD, "")], { dead: name.endsWith(DEAD) ? "1" : "" }) }, name);

const known = (each) =>
  facts([
    [t("timeline.at"), moment(each.at)],
    [t("timeline.took"), each.duration_ms === null || each.duration_ms === undefined ? "" : duration(each.duration_ms)],
    [t("log.outcome"), each.outcome && say("outcome", each.outcome)],
    [t("timeline.status"), each.status === null || each.status === undefined ? "" : String(each.status)],
    [t("function.capability"), each.capability],
    [t("log.function"), each.function && h("a", { href: link("functions", [each.function]) }, each.function)],
    [t("timeline.entity"), each.detail?.entity && entityLink(String(each.detail.entity))],
    [t("log.invocation"), each.detail?.invocation_id &&
      h("a", { class: "id", href: link("log", [], { text: each.detail.invocation_id }) }, each.detail.invocation_id)],
  ]);

const rest = (each) => {
  const { stack, ...detail } = each.detail ?? {};
  return [
    stack && plainBlock(String(stack), t("stack")),
    Object.keys(detail).length > 0 && jsonBlock(detail, t("timeline.detail")),
  ];
};

const lane = (line, [from, to], each) => {
  const start = line.place(from);
  const width = line.place(to) - start;
  return h(
    "span", { class: "lane", "aria-hidden": "true" },
    line.ticks.map(({ at, ms }) => h("span", { key: ms, class: "rule", style: { "--at": percent(at) } })),
    line.cuts.map((cut) =>
      h("span", { key: cut.at, class: "cut", style: { "--at": percent(cut.at), "--width": percent(cut.share) } })),
    h("span", {
      class: `mark ${width > 0.001 ? "" : "point"}`,
      style: { "--at": percent(start), "--width": percent(width) },
    }),
    each.duration_ms !== null && each.duration_ms !== undefined &&
      h("span", { class: `took ${start + width > TURNS_AT ? "before" : ""}`, style: { "--at": percent(start), "--end": percent(start + width) } },
        duration(each.duration_ms)),
  );
};

const row = (line) => (each, at) => {
  const [from] = line.spans[at];
  const failed = isFailed(each);
  const under = [each.function ?? each.capability, each.status && String(each.status), failed ? say("outcome", each.outcome ?? "") : ""];
  return h(
    "li",
    { key: each.id ?? `${each.at} ${each.kind} ${each.title} ${at}`, class: `happening ${each.kind} ${failed ? "bad" : ""}` },
    h("details", {},
      h("summary", { "data-row": true, style: { "--depth": String(Math.min(DEEPEST, each.depth ?? 0)) } },
        h("span", { class: "offset" }, `+${duration(from)}`),
        h("span", { class: "node" }, kindIcon(each.kind, failed)),
        h("span", { class: "two" },
          h("span", { class: "name" }, each.title),
          h("span", { class: "muted" },
            h("span", { class: "kind" }, say("kind", each.kind)),
            under.filter(Boolean).map((text) => ` · ${text}`)),
          failed && wrong(each) && h("span", { class: "error" }, wrong(each))),
        lane(line, line.spans[at], each)),
      h("div", { class: "content" }, known(each), rest(each))),
  );
};

/** After which a long time nothing happened. */
const pause = (ms, at) =>
  h("li", { key: `pause ${at}`, class: "pause" }, h("span", {}, t("timeline.later", { time: duration(ms) })));

const axis = (line) =>
  h(
    "div", { class: "axis", "aria-hidden": "true" },
    h("span", { class: "lane" },
      line.ticks.map(({ at, ms }) =>
        h("span", { key: ms, class: `tick ${at > TURNS_AT ? "before" : ""}`, style: { "--at": percent(at) } }, `+${duration(ms)}`))),
  );

/** How long after the row before, when the line is cut between the two. */
const waitBefore = (line, at) => {
  if (at === 0) return null;
  const [[before, until], [from]] = [line.spans[at - 1], line.spans[at]];
  return line.cuts.some((cut) => before < cut.from && cut.from <= from) ? from - until : null;
};

export const happenings = (entries) => {
  const line = scale(entries);
  const one = row(line);
  const rows = entries.flatMap((each, at) => {
    const wait = waitBefore(line, at);
    return wait === null ? [one(each, at)] : [pause(wait, at), one(each, at)];
  });
  return h("div", { class: "story" }, axis(line), h("ol", { class: "happenings" }, rows));
};
