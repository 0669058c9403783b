// Asks the board, and tells a refusal and a part that is down from a board that does not answer.
const PATIENCE_MS = 60_000;

/** What went wrong in the board's own words: a sentence, perhaps a remedy, perhaps which part. */
export class Refused extends Error {
  constructor(status, said) {
    super(said.error ?? "");
    this.status = status;
    this.remedy = said.remedy ?? "";
    this.down = said.down ?? "";
  }
}

const read = async (response) => {
  try {
    return await response.json();
  } catch {
    return {};
  }
};

const asked = async (path, options) => {
  let response;
  try {
    const signal = AbortSignal.timeout(PATIENCE_MS);
    response = await fetch(`/api/${path}`, { cache: "no-store", signal, ...options });
  } catch {
    throw new Refused(0, { down: "board" });
  }
  const body = await read(response);
  if (!response.ok) throw new Refused(response.status, body);
  return body;
};

export const get = (path) => asked(path, {});

export const post = (path, body) =>
  asked(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });

/** path("log", { part: "host", text: "" }) leaves out what is empty. */
export const path = (name, query) => {
  const wanted = Object.entries(query).filter(([, value]) => value || value === 0);
  const text = new URLSearchParams(wanted).toString();
  return text ? `${name}?${text}` : name;
};

export const part = encodeURIComponent;
