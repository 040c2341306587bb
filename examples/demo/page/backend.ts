import { showStep } from "./steps.ts";
import { formatTimeSince } from "./time.ts";

/** The API, and the gateway that leads to it. */
export interface Api {
  gateway: string;
  /** The base URL of the API. */
  upstream: string;
  model: string;
}

/** The limits of a token. The backend adds its targets. */
export interface TokenLimits {
  /** In seconds. */
  expires: number;
  /** The origins of pages that may use it. Default: this page's. */
  origins?: string[];
}

/** Asks the backend which API there is. */
export async function fetchApi(): Promise<Api> {
  return (await fetch("/api")).json();
}

/** Asks the backend for an access token. */
export function fetchToken(limits: TokenLimits): Promise<string> {
  return fetchCredential("/token", limits, "signs a token");
}

/** Asks the backend for a URL that allows one POST with that body, for so many seconds. */
export function fetchSignedUrl(body: string, expires: number): Promise<string> {
  return fetchCredential("/sign", { body, expires }, "signs the URL");
}

async function fetchCredential(path: string, wish: object, activity: string): Promise<string> {
  showStep("sign", "active", activity);
  const start = performance.now();
  const response = await fetch(path, { method: "POST", body: JSON.stringify(wish) });
  if (!response.ok) throw new Error(`the backend gave nothing: status ${response.status}`);
  const credential = await response.text();
  showStep("sign", "done", `signed in ${formatTimeSince(start)}`);
  return credential;
}
