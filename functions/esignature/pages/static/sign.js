// The way through the signing page: read, agree, sign, or decline.
import { busyWhile, complain, find, goTo } from "./elements.js";
import { Refused } from "./asking.js";
import { Draft } from "./esignature.draft.js";
import { loadLibrary } from "./esignature.drawing.js";
import { Form } from "./esignature.form.js";
import { Mark } from "./esignature.mark.js";
import { showPages } from "./esignature.paper.js";
import * as signing from "./esignature.signing.js";
import { hideScreens, showRefusal, showStanding } from "./esignature.standing.js";
import { dismiss, followConnection, notify, sentenceFor, tell } from "./notice.js";
import { moment, t } from "./text.js";

const SIGNING = "#sign";
const WATCH_MS = [1500, 2500, 4000, 8000, 15000, 30000];
let view;
let draft;
let mark;
let form;

const agreed = () => view.consent.accepted_at !== null;

const markStep = (name) => {
  find("steps").hidden = false;
  for (const step of find("steps").children) {
    if (step.dataset.step === name) step.setAttribute("aria-current", "step");
    else step.removeAttribute("aria-current");
  }
};

/** Reading or signing, as the address says; Back leads from one to the other. */
const showStep = (moved) => {
  const isSigning = location.hash === SIGNING && agreed();
  find("read-step").hidden = isSigning;
  find("start").hidden = isSigning;
  find("sign-step").hidden = !isSigning;
  find("sign").hidden = !isSigning;
  find("intro-more").hidden = isSigning;
  if (isSigning) find("document").before(find("panel"));
  else find("document").after(find("panel"));
  markStep(isSigning ? "sign" : "read");
  form.showReview();
  if (isSigning) mark.open();
  if (moved) goTo(find(isSigning ? "sign-heading" : "envelope-title"));
};

const showConsent = () => {
  find("consent-text").textContent = view.consent.text;
  find("consent").checked = agreed() || draft.agreed;
  find("consent").disabled = agreed();
};

const showFlow = () => {
  hideScreens();
  find("loading").hidden = true;
  find("flow").hidden = false;
  find("asks").textContent = t("asks", { sender: view.sender_name });
  find("envelope-title").textContent = view.title;
  document.title = view.title;
  find("message").textContent = view.message;
  find("message").hidden = !view.message;
  const facts = { signer: view.signer.name, until: moment(view.expires_at) };
  find("facts").textContent = t("facts", facts);
  for (const link of document.querySelectorAll("[data-download]")) link.href = signing.documentAddress;
  draft = new Draft(view);
  showPages(view);
  mark = new Mark(view, draft, () => form?.showReview());
  form = new Form(view, draft, mark);
  showConsent();
  showStep(false);
};

const show = (now) => {
  view = now;
  if (view.state === "ready") return showFlow();
  if (view.state === "signed" || view.state === "completed") markStep("done");
  return showStanding(view);
};

/** Everybody has signed: the finished document is on its way, so look again soon. */
const watch = async () => {
  for (const pause of WATCH_MS) {
    const waits = view.state === "signed" && view.others.every((each) => each.status === "signed");
    if (!waits) return;
    await new Promise((resolve) => setTimeout(resolve, pause));
    try {
      show(await signing.look());
    } catch {
      return; // what was said stays true
    }
  }
};

const load = async () => {
  hideScreens();
  find("flow").hidden = true;
  find("loading").hidden = false;
  try {
    show(await signing.look());
  } catch (error) {
    showRefusal(error);
  }
};

/** What the link holder cannot mend here: the link or the envelope has moved on. */
const movedOn = (error) =>
  error instanceof Refused &&
  (error.code.startsWith("signing-link-") || ["already-signed", "not-your-turn"].includes(error.code));

const failed = async (error, retry) => {
  if (movedOn(error)) return load();
  return tell(error, retry);
};

const start = async () => {
  complain(find("consent"), find("consent-problem"), null);
  if (!find("consent").checked) {
    complain(find("consent"), find("consent-problem"), t("consent.missing"));
    return goTo(find("consent"));
  }
  const library = loadLibrary().catch(() => null); // told when the pad is to be shown
  try {
    if (!agreed()) view = await signing.consent(view.consent.version);
  } catch (error) {
    return consentFailed(error);
  }
  await library;
  dismiss("failure");
  showConsent();
  location.hash = SIGNING; // its event shows the step
};

const consentFailed = async (error) => {
  if (error.code !== "consent-outdated") return failed(error, () => busyWhile(find("start"), start));
  view = await signing.look();
  draft.change({ agreed: false });
  showConsent();
  complain(find("consent"), find("consent-problem"), sentenceFor(error));
  return goTo(find("consent"));
};

const sign = async () => {
  const { first, body } = form.given();
  if (first) return goTo(first);
  notify("progress", { sentence: t("sign.working"), kind: "good" });
  try {
    const now = await signing.sign(body);
    draft.forget();
    dismiss("failure");
    history.replaceState(null, "", location.pathname + location.search);
    show(now);
    watch();
  } catch (error) {
    await signFailed(error);
  } finally {
    dismiss("progress");
  }
};

const signFailed = async (error) => {
  if (error.code === "already-signed") draft.forget(); // an answer was lost; the signature was not
  if (error.code === "consent-missing") {
    view = await signing.look();
    location.hash = "";
  }
  const sentence = error instanceof Refused ? sentenceFor(error) : null;
  if (sentence && form.complain(error, sentence)) {
    return notify("failure", { sentence: t("sign.mend"), reference: error.reference });
  }
  return failed(error, () => busyWhile(find("sign"), sign));
};

const decline = async () => {
  const reason = find("decline-reason");
  const missing = reason.value.trim() ? null : t("decline.missing");
  complain(reason, find("decline-problem"), missing);
  if (missing) return reason.focus();
  try {
    const now = await signing.decline(reason.value.trim());
    find("decline-dialog").close();
    draft.forget();
    show(now);
  } catch (error) {
    if (movedOn(error)) {
      find("decline-dialog").close();
      return load();
    }
    const quoted = error.reference ? ` ${t("reference", { id: error.reference })}` : "";
    complain(reason, find("decline-problem"), sentenceFor(error) + quoted);
  }
};

find("start").addEventListener("click", () => busyWhile(find("start"), start));
find("sign-step").addEventListener("submit", (event) => {
  event.preventDefault();
  busyWhile(find("sign"), sign);
});
find("consent").addEventListener("change", () => {
  draft.change({ agreed: find("consent").checked });
  complain(find("consent"), find("consent-problem"), null);
});
find("open-decline").addEventListener("click", () => find("decline-dialog").showModal());
find("decline-cancel").addEventListener("click", () => find("decline-dialog").close());
find("decline-form").addEventListener("submit", (event) => {
  event.preventDefault();
  busyWhile(find("decline-confirm"), decline);
});
for (const button of document.querySelectorAll("[data-reload]")) {
  button.addEventListener("click", () => busyWhile(button, load));
}
addEventListener("hashchange", () => view?.state === "ready" && showStep(true));
followConnection();
load();
