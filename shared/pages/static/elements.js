// Elements from code, by text only: no string ever becomes markup.
export const find = (id) => document.getElementById(id);

/** make("p", { class: "muted", onclick: f }, "text", other) */
export const make = (tag, properties = {}, ...children) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
};

/** Says what is wrong next to what is wrong, or nothing any more. */
export const complain = (control, place, sentence) => {
  place.textContent = sentence ?? "";
  if (sentence) control.setAttribute("aria-invalid", "true");
  else control.removeAttribute("aria-invalid");
};

/** Shows that a button works; a second press meanwhile does nothing. */
export const busyWhile = async (button, work) => {
  if (button.getAttribute("aria-busy") === "true") return;
  button.setAttribute("aria-busy", "true");
  button.setAttribute("aria-disabled", "true");
  try {
    await work();
  } finally {
    button.removeAttribute("aria-busy");
    button.removeAttribute("aria-disabled");
  }
};

/** Scrolls there, and lets the keyboard and screen readers go on from there. */
export const goTo = (element) => {
  if (!element.matches("a, button, input, textarea, select")) element.tabIndex = -1;
  element.focus({ preventScroll: true });
  element.scrollIntoView({ block: element.matches("h1, h2") ? "start" : "center" });
};
