// A JSON schema for people: one line for the type, a list for the members, deeper ones on demand.
import { make } from "./elements.js";
import { t } from "./text.js";

const LIMITS = {
  default: "default",
  minimum: "least",
  exclusiveMinimum: "least",
  maximum: "most",
  exclusiveMaximum: "most",
  minLength: "shortest",
  minItems: "shortest",
  maxLength: "longest",
  maxItems: "longest",
  pattern: "pattern",
};

/** Text in which `this` is code. */
export const prose = (text) =>
  text.split("`").map((piece, order) => (order % 2 ? make("code", {}, piece) : piece));

let schemas = {};
export const knowSchemas = (components) => (schemas = components);

const refOf = (schema) => schema.$ref?.split("/").at(-1);

export const resolved = (schema) => {
  const name = refOf(schema);
  return name ? { ...schemas[name], ...schema } : schema;
};

const alternatives = (schema) => schema.anyOf ?? schema.oneOf ?? (schema.allOf?.length === 1 ? schema.allOf : null);

/** Such as "list of StopView", "string (date-time) or null". */
export const typeOf = (schema) => {
  if (refOf(schema)) return refOf(schema);
  const among = alternatives(schema);
  if (among) {
    const all = among.map(typeOf);
    if (all.length === 1) return all[0];
    return t("schema.or", { some: all.slice(0, -1).join(", "), last: all.at(-1) });
  }
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.enum) return schema.enum.map((each) => JSON.stringify(each)).join(" | ");
  if (schema.type === "array") return t("schema.list", { of: typeOf(schema.items ?? {}) });
  if (schema.type === "object" && typeof schema.additionalProperties === "object") {
    return t("schema.map", { of: typeOf(schema.additionalProperties) });
  }
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  return (schema.type ?? t("schema.any")) + (schema.format ? ` (${schema.format})` : "");
};

const limitsOf = (schema) => {
  const found = Object.entries(LIMITS)
    .filter(([name]) => schema[name] !== undefined && schema[name] !== null)
    .map(([name, said]) => t(`schema.${said}`, { value: JSON.stringify(schema[name]) }));
  if (schema.examples?.length) found.push(t("schema.example", { value: JSON.stringify(schema.examples[0]) }));
  return found.join(" · ");
};

/** The schemas with members inside a schema. */
const inside = (schema) => {
  const whole = resolved(schema);
  if (whole.properties) return [whole];
  if (whole.items) return inside(whole.items);
  if (typeof whole.additionalProperties === "object") return inside(whole.additionalProperties);
  return (alternatives(whole) ?? []).flatMap(inside);
};

const deeper = (schema) => {
  const found = inside(schema);
  if (!found.length) return null;
  const name = found.map((each) => each.title ?? "{}").join(", ");
  const details = make("details", { class: "schema" }, make("summary", {}, name));
  details.addEventListener("toggle", () => details.append(...found.map(members)), { once: true });
  return details;
};

const member = (name, schema, required) =>
  make(
    "li",
    {},
    make(
      "div",
      { class: "member" },
      make("code", { class: "name" }, name),
      make("code", { class: "type" }, typeOf(schema)),
      required ? make("span", { class: "required" }, t("required")) : null,
    ),
    described(schema),
    deeper(schema),
  );

const described = (schema) => {
  const text = [schema.description, limitsOf(schema)].filter(Boolean).join(" · ");
  return text ? make("p", { class: "muted small" }, ...prose(text)) : null;
};

const members = (schema) =>
  make(
    "div",
    {},
    schema.description ? make("p", { class: "muted small" }, ...prose(schema.description)) : null,
    make(
      "ul",
      { class: "members" },
      ...Object.entries(schema.properties).map(([name, each]) =>
        member(name, each, schema.required?.includes(name)),
      ),
    ),
  );

/** A parameter looks as a member does. */
export const parameter = (each) =>
  member(each.name, { description: each.description, ...each.schema }, each.required);

/** The type, and its members if it has any. */
export const schemaView = (schema) => {
  const found = inside(schema);
  return make(
    "div",
    { class: "schema" },
    make("code", { class: "type" }, typeOf(schema)),
    ...found.map(members),
  );
};

/** A value that fits, for examples: the required members of objects alone. */
export const exampleOf = (schema, depth = 0) => {
  const whole = resolved(schema);
  if (whole.examples?.length) return whole.examples[0];
  if (whole.const !== undefined) return whole.const;
  if (whole.default !== undefined && whole.default !== null) return whole.default;
  if (whole.enum) return whole.enum[0];
  const among = alternatives(whole);
  if (among) return exampleOf(among[0], depth);
  if (whole.properties) {
    const names = depth > 4 ? [] : (whole.required ?? []);
    return Object.fromEntries(names.map((name) => [name, exampleOf(whole.properties[name], depth + 1)]));
  }
  if (whole.type === "array") return depth > 4 ? [] : [exampleOf(whole.items ?? {}, depth + 1)];
  return SIMPLE[whole.format] ?? SIMPLE[whole.type] ?? {};
};

const SIMPLE = {
  "date-time": "2026-01-31T09:00:00Z",
  date: "2026-01-31",
  uuid: "01890a5d-ac96-774b-bcce-b302099a8057",
  email: "ann@example.com",
  string: "text",
  integer: 1,
  number: 1.5,
  boolean: true,
  null: null,
};
