// The queries asked before, container by container, kept on this device as far as it lets us.
const KEY = "queries";
const MOST = 20;

const kept = () => {
  try {
    const found = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    return found && typeof found === "object" ? found : {};
  } catch {
    return {}; // blocked, or not ours
  }
};
const held = kept();

/** Newest first. */
export const askedBefore = (container) => {
  const found = Object.hasOwn(held, container) ? held[container] : [];
  return Array.isArray(found) ? found.filter((each) => typeof each?.text === "string") : [];
};

export const remember = (container, text, key) => {
  const others = askedBefore(container).filter((each) => each.text !== text || each.key !== key);
  held[container] = [{ text, key }, ...others].slice(0, MOST);
  try {
    localStorage.setItem(KEY, JSON.stringify(held));
  } catch {
    // it holds for this page
  }
};
