// What lies in one queue or subscription: peeked at, never taken; dead letters sent again or purged.
import { path, post } from "./ask.js";
import { h } from "./h.js";
import { bodyBlock, jsonBlock } from "./json.js";
import { at, back, badge, button, choice, empty, facts, icon, shown, since, timelineLink } from "./pieces.js";
import { link, refine } from "./route.js";
import { sureness } from "./sure.js";
import { bytes, n, number, say, t } from "./words.js";
import { watch } from "./watch.js";

const PAGE = 50;

const about = (each) =>
  facts([
    [t("message.id"), h("span", { class: "mono" }, each.message_id)],
    [t("message.enqueued"), each.enqueued_at && [at(each.enqueued_at), " · ", since(each.enqueued_at)]],
    [t("message.expires"), each.expires_at && at(each.expires_at)],
    [t("message.locked"), each.locked_until_at && at(each.locked_until_at)],
    [t("message.session"), each.session_id],
    [t("message.deliveries"), number(each.delivery_count ?? 0)],
    [t("message.type"), each.content_type],
    [t("message.size"), bytes(each.body_bytes ?? 0)],
  ]);

const content = (each) => [
  each.description && h("p", { class: "problem" }, each.description),
  about(each),
  Object.keys(each.properties ?? {}).length > 0 &&
    h("details", { class: "fold" },
      h("summary", {}, icon("chevron-right", "turn"), t("message.properties")),
      jsonBlock(each.properties, t("message.properties"))),
  each.body === null || each.body === undefined
    ? h("p", { class: "muted" }, t("message.binary"))
    : bodyBlock(each.body),
  each.truncated && h("p", { class: "muted small" }, t("message.truncated", { size: bytes(each.body_bytes) })),
];

const head = (each) =>
  h(
    "summary", { class: "line", "data-row": true },
    icon("chevron-right", "turn"),
    h("span", { class: "what" },
      h("span", { class: "two" },
        h("span", { class: "name" }, each.subject || each.message_id || `#${each.sequence_number}`),
        h("span", { class: "muted" },
          each.reason ? h("span", { class: "error" }, each.reason) : say("message.state", each.state)))),
    h("span", { class: "muted end" }, `#${each.sequence_number}`),
    h("span", { class: "muted end" }, each.enqueued_at ? since(each.enqueued_at) : ""),
  );

export const inside = ({ redraw, announce }, changed) => {
  const messages = watch(redraw);
  const sure = sureness(redraw, announce);
  const pages = { of: "", starts: [""] };

  const act = (verb, body, sentence) => async () => {
    const done = await post(verb, body);
    messages.again();
    changed();
    return n(sentence, done.resubmitted ?? done.purged ?? 0);
  };
  const resubmit = (entity, numbers) =>
    act("resubmit", { entity, sequence_numbers: numbers }, "message.resubmitted");
  const purge = (entity, dead, numbers) =>
    act("purge", { entity, dead, sequence_numbers: numbers }, "message.purged");

  const message = (entity, dead) => (each) =>
    h(
      "li", { key: each.sequence_number },
      h("details", { class: "message" }, head(each),
        h("div", { class: "content" },
          h("p", { class: "row" },
            dead && sure.direct(`again-${each.sequence_number}`, {
              label: t("message.resubmit"), drawing: "rotate-ccw",
              work: resubmit(entity, [each.sequence_number]),
            }),
            sure.asked(`purge-${each.sequence_number}`, {
              label: t("message.purge"), drawing: "trash-2",
              sentence: t("message.purge.sure"), work: purge(entity, dead, [each.sequence_number]),
            }),
            each.correlation_id && timelineLink(each.correlation_id, t("message.timeline"))),
          content(each))),
    );

  const all = (entity, dead, count) =>
    count > 0 &&
    h("div", { class: "row" },
      dead && sure.asked("resubmit-all", {
        label: t("message.resubmit.all"), drawing: "rotate-ccw", kind: "primary",
        sentence: n("message.resubmit.all.sure", count), work: resubmit(entity, null),
      }),
      sure.asked("purge-all", {
        label: t("message.purge.all"), drawing: "trash-2",
        sentence: n("message.purge.all.sure", count), work: purge(entity, dead, null),
      }));

  const paging = (next) => {
    const step = (change) => () => (change(), redraw());
    return (
      (next !== null && next !== undefined) || pages.starts.length > 1
        ? h("p", { class: "row paging" },
            pages.starts.length > 1 &&
              button(t("page.previous"), step(() => pages.starts.pop()), { drawing: "arrow-left" }),
            next !== null && next !== undefined &&
              button(t("page.next"), step(() => pages.starts.push(next)), { drawing: "chevron-right" }))
        : null
    );
  };

  const list = (entity, dead) => ({ messages: items, next }) =>
    items.length
      ? [h("ul", { class: "lines card flush" }, items.map(message(entity, dead))), paging(next)]
      : empty(dead ? "circle-check" : "inbox",
          t(dead ? "message.no.dead" : "message.none"), t(dead ? "message.no.dead.how" : "message.none.how"));

  const look = (entity, dead) => {
    const of = `${entity} ${dead}`;
    if (pages.of !== of) Object.assign(pages, { of, starts: [""] });
    messages.at(path("messages-in", { entity, dead: dead ? 1 : 0, after: pages.starts.at(-1), limit: PAGE }));
  };

  return {
    draw: (entity, known, route) => {
      const dead = route.query.get("dead") === "1";
      look(entity, dead);
      const waiting = known ? known.active + known.locked + known.scheduled + known.deferred : 0;
      const count = dead ? (known?.dead_letters ?? 0) : waiting;
      return [
        back(link("messages", [], { text: route.query.get("text") }), t("nav.messages")),
        h("div", { class: "head" }, h("h2", {}, entity),
          known?.requires_session ? badge(t("entity.sessions")) : null,
          known?.forward_to ? badge(t("entity.forwards", { to: known.forward_to })) : null),
        h("div", { class: "bar" },
          choice(t("entity.which"),
            [["", t("entity.waiting"), waiting], ["1", t("entity.dead"), known?.dead_letters]],
            dead ? "1" : "", (value) => refine({ dead: value })),
          all(entity, dead, count)),
        shown(messages, list(entity, dead), 5),
      ];
    },
    close: () => messages.close(),
  };
};
