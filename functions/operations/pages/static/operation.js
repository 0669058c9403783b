// One operation: closed a line, open everything that a caller needs to know.
import { make } from "./elements.js";
import { exampleOf, parameter, prose, schemaView } from "./operations.schema.js";
import { has, t } from "./text.js";

const part = (title, ...content) =>
  make("section", {}, make("h3", { lang: document.documentElement.lang }, title), ...content);

const permission = (needs) => (has(`permission.${needs}`) ? t(`permission.${needs}`) : needs);

/** A command for a terminal; what is in angle brackets is to be filled in. */
export const curl = (operation, server) => {
  const lines = [`curl -X ${operation.method} '${server}${operation.path}'`];
  const secured = operation.security?.[0] ?? {};
  if ("access_token" in secured) lines.push("-H 'Authorization: Bearer <access token>'");
  if ("host_key" in secured) lines.push("-H 'x-functions-key: <key>'");
  for (const each of operation.parameters ?? []) {
    if (each.in === "header" && each.required) lines.push(`-H '${each.name}: <value>'`);
  }
  const [type, content] = Object.entries(operation.requestBody?.content ?? {})[0] ?? [];
  if (type) lines.push(`-H 'Content-Type: ${type}'`);
  if (type === "application/json") {
    const body = JSON.stringify(exampleOf(content.schema), null, 1).replaceAll("'", "'\\''");
    lines.push(`-d '${body}'`);
  } else if (type) lines.push("--data-binary @<file>");
  return lines.join(" \\\n  ");
};

const example = (operation, server) => {
  const text = curl(operation, server);
  const copy = make("button", { class: "button", type: "button" }, t("copy"));
  copy.lang = document.documentElement.lang;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text);
    copy.textContent = t("copied");
    setTimeout(() => (copy.textContent = t("copy")), 2000);
  });
  const code = make("pre", { tabindex: "0", "aria-label": t("example"), role: "region" }, make("code", {}, text));
  return part(t("example"), code, copy);
};

const bodies = (content) =>
  Object.entries(content ?? {}).map(([type, { schema }]) =>
    make("div", {}, make("code", { class: "muted" }, type), schema ? schemaView(schema) : null),
  );

const response = (status, { description, content }) => {
  const head = [make("code", { class: `status s${status[0]}` }, status), ` ${description}`];
  if (!content) return make("p", { class: "response" }, ...head);
  const details = make("details", { class: "response" }, make("summary", {}, ...head));
  details.addEventListener("toggle", () => details.append(...bodies(content)), { once: true });
  return details;
};

const opened = (operation, server) => [
  ...(operation.description ?? "").split("\n\n").filter(Boolean).map((text) => make("p", {}, ...prose(text))),
  make(
    "p",
    { lang: document.documentElement.lang },
    `${t("permission")}: `,
    make("code", {}, permission(operation["x-permission"])),
    " ",
    make("a", { href: `#${operation.operationId}` }, t("link")),
  ),
  operation.parameters?.length
    ? part(t("parameters"), make("ul", { class: "members" }, ...operation.parameters.map(parameter)))
    : null,
  operation.requestBody ? part(t("request"), ...bodies(operation.requestBody.content)) : null,
  part(t("responses"), ...Object.entries(operation.responses).map((each) => response(...each))),
  example(operation, server),
];

/** What is inside is made when it is first opened. */
export const operationView = (operation, server) => {
  const body = make("div", { class: "operation-body stack" });
  const details = make(
    "details",
    { class: "operation", id: operation.operationId, "data-testid": "operation" },
    make(
      "summary",
      {},
      make("code", { class: `method ${operation.method.toLowerCase()}` }, operation.method),
      make("code", { class: "path" }, operation.path),
      make("span", { class: "muted" }, operation.summary),
    ),
    body,
  );
  details.addEventListener(
    "toggle",
    () => body.append(...opened(operation, server).filter(Boolean)),
    { once: true },
  );
  return details;
};
