// A look at one file: pictures as they are, PDFs drawn page by page, text and JSON as text.
import { get, part } from "./ask.js";
import { h } from "./h.js";
import { bodyBlock } from "./json.js";
import { icon, trouble, waiting } from "./pieces.js";
import { bytes, t } from "./words.js";

const MOST_TEXT = 256 * 1024;
const AT_ONCE = 5;
const PICTURES = new Set(["image/png", "image/jpeg", "image/gif", "image/webp"]);

const kindOf = (each) => {
  const type = (each.content_type ?? "").split(";")[0].trim().toLowerCase();
  if (type === "application/pdf" || each.name.endsWith(".pdf")) return "pdf";
  if (PICTURES.has(type)) return "picture";
  if (/^text\/|json$|xml$/.test(type) || /\.(json|txt|xml|csv|gpx)$/.test(each.name)) return "text";
  return "other";
};

const startOf = async (address) => {
  const response = await fetch(address, { headers: { Range: `bytes=0-${MOST_TEXT - 1}` } });
  if (response.status === 416) return ""; // an empty file has no first byte
  if (!response.ok) {
    const said = await response.json().catch(() => ({}));
    throw Object.assign(new Error(said.error ?? ""), { status: response.status, ...said });
  }
  return response.text();
};

const READ = {
  pdf: (address) => get(address("pages")).then(({ pages }) => ({ pages, shown: AT_ONCE })),
  text: (address) => startOf(`/api/${address("content")}`).then((text) => ({ text })),
  picture: async () => ({}),
  other: async () => ({}),
};

export const preview = (redraw) => {
  const looked = { key: "", each: null, kind: "", found: null, error: null, address: null };

  const read = async (key) => {
    const [found, error] = await READ[looked.kind](looked.address).then(
      (read_) => [read_, null], (refused) => [null, refused],
    );
    if (looked.key !== key) return;
    Object.assign(looked, { found, error });
    redraw();
  };

  const pdf = () => {
    const { pages } = looked.found;
    const count = Math.min(pages, looked.found.shown);
    return [
      h("div", { class: "sheets" },
        Array.from({ length: count }, (_, at) =>
          h("img", {
            key: at, loading: "lazy", src: `/api/${looked.address("page")}&number=${at + 1}`,
            alt: t("preview.page", { number: at + 1, count: pages }), width: 1000, height: 1414,
          }))),
      pages > count &&
        h("button", {
          type: "button", class: "button",
          onclick: () => ((looked.found.shown += AT_ONCE), redraw()),
        }, t("preview.more")),
    ];
  };

  const DRAWN = {
    pdf,
    picture: () =>
      h("div", { class: "sheets" },
        h("img", { src: `/api/${looked.address("content")}`, alt: t("preview.of", { name: looked.each.name }) })),
    text: () => [
      bodyBlock(looked.found.text, t("preview.of", { name: looked.each.name })),
      looked.each.bytes > MOST_TEXT &&
        h("p", { class: "muted small" }, t("preview.start", { size: bytes(MOST_TEXT) })),
    ],
    other: () => h("div", { class: "choose" }, icon("file-text"), h("p", {}, t("preview.none"))),
  };

  return {
    at: (box, each) => {
      const key = each ? `${box}/${each.name} ${each.modified_at} ${each.bytes}` : "";
      if (key === looked.key) return;
      const address = (what) => `blobs/${part(box)}/${what}?name=${part(each.name)}`;
      Object.assign(looked, { key, each, kind: each ? kindOf(each) : "", found: null, error: null, address });
      if (each) read(key);
    },
    draw: () =>
      looked.error ? trouble(looked.error, { again: false }) : looked.found ? DRAWN[looked.kind]() : waiting(3),
  };
};
