// Asks the API, and tells a refusal from a lost connection.
const API = new URL("../v1/", import.meta.url);
const PATIENCE_MS = 45_000;

/** The API said no: its code, what is wrong field by field, and what to quote. */
export class Refused extends Error {
  constructor(response, problem) {
    super(problem.detail ?? response.statusText);
    this.status = response.status;
    this.code = String(problem.type ?? "").replace("/problems/", "");
    this.fields = problem.fields ?? [];
    this.more = problem;
    this.reference = problem.correlation_id ?? response.headers.get("x-correlation-id") ?? "";
  }
}

/** No answer came: whether the request arrived is unknown. */
export class Unreachable extends Error {}

export const address = (path) => new URL(path, API).href;

const fetched = async (path, options) => {
  try {
    return await fetch(address(path), {
      cache: "no-store",
      credentials: "omit",
      signal: AbortSignal.timeout?.(PATIENCE_MS),
      ...options,
    });
  } catch (error) {
    throw new Unreachable(error.message);
  }
};

const read = async (response) => {
  try {
    return await response.json();
  } catch {
    if (response.ok) throw new Unreachable("The answer broke off.");
    return {};
  }
};

const asked = async (path, options) => {
  const response = await fetched(path, options);
  const body = await read(response);
  if (!response.ok) throw new Refused(response, body);
  return body;
};

export const get = (path) => asked(path, {});

export const post = (path, body) =>
  asked(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
