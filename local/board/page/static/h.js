// What a view shows is described anew each time; the page changes only where it differs. So focus,
// scroll, open details and half-typed text stay while news arrives. No string ever becomes markup.
const SVG = "http://www.w3.org/2000/svg";
const PROPERTIES = new Set(["value", "checked", "open", "disabled"]);
const NOT_SHOWN = new Set(["key", "made"]);
const described = new WeakMap();
const listeners = new WeakMap();

const isThere = (child) => child !== null && child !== undefined && child !== false && child !== "";

/** h("p", { class: "muted", onclick: f, key: "a" }, "text", h("b", {}, "other")) */
export const h = (tag, props, ...children) => ({
  tag,
  props: props ?? {},
  key: props?.key,
  children: children.flat(4).filter(isThere),
});

const heard = (event) => listeners.get(event.currentTarget)?.[event.type]?.(event);

const listen = (node, type, handler) => {
  const known = listeners.get(node) ?? {};
  if (!(type in known)) node.addEventListener(type, heard);
  listeners.set(node, { ...known, [type]: handler });
};

const styled = (node, wanted, had) => {
  for (const name of Object.keys(had)) if (!(name in wanted)) node.style.removeProperty(name);
  for (const [name, value] of Object.entries(wanted)) {
    if (had[name] !== value) node.style.setProperty(name, value);
  }
};

const put = (node, name, value, had) => {
  if (NOT_SHOWN.has(name)) return;
  if (name.startsWith("on")) return listen(node, name.slice(2), value);
  if (name === "style") return styled(node, value ?? {}, had ?? {});
  if (PROPERTIES.has(name)) {
    if (value !== had && node[name] !== (value ?? "")) node[name] = value ?? "";
    return;
  }
  if (value === had) return;
  if (value === undefined || value === null || value === false) node.removeAttribute(name);
  else node.setAttribute(name, value === true ? "" : value);
};

const made = (child, space) => {
  if (typeof child !== "object") return document.createTextNode(String(child));
  const inside = child.tag === "svg" ? SVG : space;
  const node = inside ? document.createElementNS(inside, child.tag) : document.createElement(child.tag);
  if (child.props.made) queueMicrotask(() => child.props.made(node));
  return node;
};

const become = (node, child) => {
  if (typeof child !== "object") {
    if (node.data !== String(child)) node.data = String(child);
    return;
  }
  const had = described.get(node);
  if (had === child) return; // the very same description: nothing inside changed
  fill(node, child.children); // first, so that a select has its options before its value
  for (const name of Object.keys(had?.props ?? {})) {
    if (!(name in child.props)) put(node, name, undefined, had.props[name]);
  }
  for (const [name, value] of Object.entries(child.props)) put(node, name, value, had?.props[name]);
  described.set(node, child);
};

const kind = (child) => (typeof child === "object" ? child.tag : "#text");

/** The nodes there are, each matched to one of the wanted children, or none. */
const matched = (parent, wanted) => {
  const keyed = new Map();
  const loose = new Map();
  for (const node of parent.childNodes) {
    const was = described.get(node);
    const name = was ? was.tag : node.nodeName;
    if (was?.key !== undefined) keyed.set(`${was.tag} ${was.key}`, node);
    else loose.set(name, [...(loose.get(name) ?? []), node]);
  }
  return wanted.map((child) =>
    child.key === undefined
      ? loose.get(kind(child))?.shift()
      : keyed.get(`${child.tag} ${child.key}`),
  );
};

/** Makes `wanted` the children of `parent`. What stays is not moved, so it keeps the focus. */
const fill = (parent, wanted) => {
  const found = matched(parent, wanted);
  const kept = new Set(found);
  for (const node of [...parent.childNodes]) if (!kept.has(node)) node.remove();
  const space = parent.namespaceURI === SVG ? SVG : null;
  let place = parent.firstChild;
  wanted.forEach((child, at) => {
    const node = found[at] ?? made(child, space);
    become(node, child);
    if (node === place) place = place.nextSibling;
    else parent.insertBefore(node, place);
  });
};

export const draw = (parent, ...children) => fill(parent, children.flat(4).filter(isThere));
