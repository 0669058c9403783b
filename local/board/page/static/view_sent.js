// Every e-mail and text message that the app sent; nothing of it ever left this machine.
import { path } from "./ask.js";
import { h } from "./h.js";
import { at, badge, choice, empty, filterBox, icon, shown, timelineLink } from "./pieces.js";
import { refine } from "./route.js";
import { n, say, t } from "./words.js";
import { watch } from "./watch.js";

const PAGE = 100;
const DRAWINGS = { email: "mail", sms: "message-square" };
const names = (to) => (Array.isArray(to) ? to.join(", ") : String(to ?? ""));

const message = (each) =>
  h(
    "li", { key: each.seq, class: "letter" },
    h("a", { class: "line", href: each.url, target: "_blank", rel: "noreferrer", "data-row": true },
      h("span", { class: "what" },
        icon(DRAWINGS[each.channel] ?? "mail"),
        h("span", { class: "two" },
          h("span", { class: "name" }, each.subject || each.preview),
          h("span", { class: "muted" }, t("sent.to", { to: names(each.to) })))),
      badge(say("sent", each.channel)),
      h("span", { class: "muted end" }, at(each.at)),
      h("span", { class: "end opens" }, t("sent.open"), icon("external-link"))),
    h("div", { class: "under" },
      each.subject && each.preview ? h("p", { class: "muted preview" }, each.preview) : null,
      each.correlation_id && timelineLink(each.correlation_id, t("message.timeline"))),
  );

export const open = ({ redraw }) => {
  const sent = watch(redraw);
  let most = PAGE;

  const more = (items) =>
    items.length >= most &&
    h("p", { class: "row paging" },
      h("button", { type: "button", class: "button", onclick: () => ((most += PAGE), redraw()) },
        t("page.more")));

  const list = (filtered) => ({ items }) =>
    items.length
      ? [
          h("p", { class: "visually-hidden", role: "status" }, n("sent.count", items.length)),
          h("ul", { class: "lines card flush" }, items.map(message)),
          more(items),
        ]
      : filtered
        ? empty("search", t("nothing.found"), t("sent.none"))
        : empty("send", t("sent.empty"), t("sent.empty.how"));

  return {
    draw: ({ query }) => {
      const channel = query.get("channel") ?? "";
      const to = query.get("to") ?? "";
      sent.at(path("sent", { channel, to, limit: most }));
      return [
        h("div", { class: "bar" },
          filterBox("sent-to", t("sent.filter"), to, (value) => refine({ to: value })),
          choice(t("sent.channel"),
            [["", t("all")], ["email", t("sent.email")], ["sms", t("sent.sms")]],
            channel, (value) => refine({ channel: value }))),
        shown(sent, list(Boolean(channel || to)), 6),
      ];
    },
    close: () => sent.close(),
  };
};
