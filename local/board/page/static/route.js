// Where the reader is: `#/messages/trips%2Fbilling?dead=1`. Back and links work as they always do.
export const here = () => {
  const [path, query = ""] = location.hash.replace(/^#\/?/, "").split("?");
  const [view = "", ...rest] = path.split("/").map(decoded);
  return { view: view || "overview", rest, query: new URLSearchParams(query) };
};

const decoded = (text) => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

/** link("messages", ["trips/billing"], { dead: "1" }) */
export const link = (view, rest = [], query = {}) => {
  const path = [view, ...rest].map(encodeURIComponent).join("/");
  const wanted = Object.entries(query).filter(([, value]) => value);
  const text = new URLSearchParams(wanted).toString();
  return `#/${path}${text ? `?${text}` : ""}`;
};

export const go = (hash) => {
  location.hash = hash;
};

/** The same place with other filters, without a step to go back to. */
export const refine = (query) => {
  const { view, rest, query: had } = here();
  const next = link(view, rest, { ...Object.fromEntries(had), ...query });
  history.replaceState(null, "", next);
  dispatchEvent(new Event("refined"));
};
