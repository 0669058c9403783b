// The document as pictures, with the signer's places on them.
import { find, make } from "./elements.js";
import { pictureAddress } from "./esignature.signing.js";
import { names, t } from "./text.js";

const MOST_TRIES = 4;
const percent = (fraction) => `${fraction * 100}%`;

export const nameOf = (field) => field.label || t(`field.${field.type}`);

/** Asks again by itself a few times, since reception comes and goes; then when it is told to. */
const picture = (number, total) => {
  const img = make("img", { alt: t("page.of", { number, total }), decoding: "async" });
  img.loading = "lazy"; // before src, or the browser fetches at once
  const load = () => (img.src = pictureAddress(number));
  let tries = 0;
  img.addEventListener("error", () => {
    tries += 1;
    if (tries < MOST_TRIES) setTimeout(load, 500 * 2 ** tries);
    else img.after(again);
  });
  const again = make(
    "button",
    { class: "button again", type: "button", onclick: () => (again.remove(), load()) },
    t("action.retry"),
  );
  load();
  return img;
};

const placeFor = (field) => {
  const place = make("div", { class: "place", "data-field": field.id, "aria-hidden": "true" });
  place.style.left = percent(field.x);
  place.style.top = percent(field.y);
  place.style.width = percent(field.width);
  place.style.height = percent(field.height);
  place.append(nameOf(field));
  return place;
};

const figure = (page, view) => {
  const own = view.fields.filter((field) => field.page === page.number);
  const sheet = make("div", { class: "sheet-of-paper" }, picture(page.number, view.pages.length));
  sheet.style.aspectRatio = `${page.width_pt} / ${page.height_pt}`;
  sheet.append(...own.map(placeFor));
  const where = t("page.of", { number: page.number, total: view.pages.length });
  const caption = own.length ? t("page.yours", { where, fields: names(own.map(nameOf)) }) : where;
  return make(
    "figure",
    { class: "page", "data-testid": "document-page" },
    make("div", { class: "view", "aria-label": where, role: "region" }, sheet),
    make("figcaption", {}, caption),
  );
};

export const showPages = (view) => {
  find("pages").replaceChildren(...view.pages.map((page) => figure(page, view)));
  const larger = find("larger");
  larger.onclick = () => {
    const large = find("pages").classList.toggle("large");
    larger.setAttribute("aria-pressed", String(large));
    for (const each of find("pages").querySelectorAll(".view")) {
      if (large) each.tabIndex = 0;
      else each.removeAttribute("tabindex");
    }
  };
};

/** What stands in a place: text, a drawing, or its name while it is empty. */
export const fill = (field, { text, drawing, script }) => {
  const place = find("pages").querySelector(`[data-field="${CSS.escape(field.id)}"]`);
  if (!place) return;
  place.classList.toggle("filled", Boolean(text || drawing));
  place.classList.toggle("script", Boolean(script && text));
  place.replaceChildren(drawing ?? (text || nameOf(field)));
};
