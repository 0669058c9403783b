// The API page: all operations by capability, a search, and a link to each.
import { find, make } from "./elements.js";
import { notify } from "./notice.js";
import { operationView } from "./operations.operation.js";
import { knowSchemas } from "./operations.schema.js";
import { t } from "./text.js";

const SOURCE = new URL("../openapi.json", import.meta.url);
let operations = [];

const listed = (paths) =>
  Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({
      ...operation,
      path,
      method: method.toUpperCase(),
      tag: operation.tags?.[0] ?? "",
    })),
  );

const searchable = (each) =>
  [each.method, each.path, each.summary, each.operationId, each["x-permission"], each.tag]
    .join(" ")
    .toLowerCase();

const group = (tag, server) => {
  const own = operations.filter((each) => each.tag === tag);
  for (const each of own) each.element = operationView(each, server);
  return make(
    "section",
    { class: "stack tag", "data-tag": tag, "aria-labelledby": `tag-${tag}` },
    make("h2", { id: `tag-${tag}` }, tag),
    ...own.map((each) => each.element),
  );
};

const showAll = (document_) => {
  knowSchemas(document_.components?.schemas ?? {});
  const server = new URL(document_.servers?.[0]?.url ?? "", location.origin).href.replace(/\/$/, "");
  operations = listed(document_.paths).map((each) => ({ ...each, words: searchable(each) }));
  const tags = [...new Set(operations.map((each) => each.tag))].sort();
  document.title = t("title.of", { name: document_.info.title });
  find("api-title").textContent = document.title;
  find("api-text").textContent = document_.info.description ?? "";
  const facts = { version: document_.info.version, count: operations.length };
  find("api-version").textContent = t("version", facts);
  find("api-source").href = SOURCE.href;
  find("tags").replaceChildren(...tags.map((tag) => make("a", { href: `#tag-${tag}` }, tag)));
  find("operations").replaceChildren(...tags.map((tag) => group(tag, server)));
};

const search = () => {
  const words = find("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  let count = 0;
  for (const each of operations) {
    const fits = words.every((word) => each.words.includes(word));
    each.element.hidden = !fits;
    count += Number(fits);
  }
  for (const section of document.querySelectorAll("[data-tag]")) {
    section.hidden = !section.querySelector(".operation:not([hidden])");
  }
  find("found").textContent = words.length ? t("found", { count }) : "";
  find("nothing").hidden = count > 0;
};

/** Opens what the address names, and goes there. */
const followAddress = () => {
  const target = find(decodeURIComponent(location.hash.slice(1)));
  if (!target) return;
  if (target.matches("details")) target.open = true;
  target.scrollIntoView();
  (target.querySelector("summary") ?? target).focus({ preventScroll: true });
};

const load = async () => {
  try {
    const response = await fetch(SOURCE, { credentials: "omit" });
    if (!response.ok) throw new Error(response.statusText);
    showAll(await response.json());
  } catch {
    return notify("failure", { sentence: t("failed"), retry: load });
  }
  return followAddress();
};

find("search").addEventListener("input", search);
find("clear").addEventListener("click", () => {
  find("search").value = "";
  search();
  find("search").focus();
});
addEventListener("keydown", (event) => {
  const writes = event.target.matches("input, textarea, select");
  if (event.key !== "/" || writes || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  find("search").focus();
});
addEventListener("hashchange", followAddress);
load();
