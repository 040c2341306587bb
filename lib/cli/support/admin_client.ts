import { ConfigError } from "../../config/config_error.ts";
import type { Environment } from "../arguments/environment.ts";

/** An answer of the admin API. */
export interface AdminAnswer {
  /** Whether it did what was asked. */
  isDone: boolean;
  /** The answer as JSON; `undefined` when there is none. */
  body: any;
  /** Why it did not, in one sentence; empty when it did. */
  text: string;
}

/** The admin API of a running gateway. */
export interface AdminAccess {
  url: URL;
  token: string;
}

const TIMEOUT_MS = 10_000;

/**
 * Finds the admin API that a command line names.
 *
 * @param given the value of `--admin`; `undefined` when it is missing
 * @param env the environment variables, of which `SW_ADMIN_TOKEN` is the token
 * @throws ConfigError when one of them is missing or wrong; it repeats neither
 */
export function adminAccess(given: string | undefined, env: Environment): AdminAccess {
  const url = URL.parse(given ?? "");
  const token = env["SW_ADMIN_TOKEN"];
  const mistakes: string[] = [];
  if (given === undefined)
    mistakes.push("--admin is missing: name the gateway's address of --admin");
  else if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password) {
    mistakes.push("--admin must be an http or https URL, such as http://127.0.0.1:9090");
  }
  if (!token) mistakes.push("SW_ADMIN_TOKEN is not set: it has to be the gateway's admin_token");
  else if (!/^[\x21-\x7e]+$/.test(token)) {
    mistakes.push("SW_ADMIN_TOKEN has characters that cannot be sent in a header");
  }
  if (mistakes.length > 0 || !url || !token) throw new ConfigError(mistakes);
  return { url, token };
}

/**
 * Asks the admin API.
 *
 * @param access the API
 * @param path with its query
 * @param init the method and the body. Default: GET
 */
export async function askAdmin(
  { url, token }: AdminAccess,
  path: string,
  init: { method?: string; body?: object } = {},
): Promise<AdminAnswer> {
  const { method = "GET", body } = init;
  const headers = { Authorization: `Bearer ${token}`, "Content-Type": "application/json" };
  try {
    const response = await fetch(new URL(path, url), {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
      redirect: "manual",
      proxy: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    const answer = await response.json().catch(() => undefined);
    if (response.ok) return { isDone: true, body: answer, text: "" };
    const { code, detail } = (answer ?? {}) as { code?: string; detail?: string };
    if (response.headers.has("X-Sw-Problem")) return failed(notAdmin(url));
    const hasNoApi = response.status === 404 && code === undefined;
    if (hasNoApi) return failed("the gateway has no admin API: it needs the setting admin_token");
    return failed(`the gateway refuses (${code ?? response.status}): ${detail ?? ""}`.trim());
  } catch {
    return failed(`the admin API at ${url.origin} does not respond`);
  }
}

// Only the port for requests answers with the header of problems; the admin API does not.
function notAdmin({ origin }: URL): string {
  return `${origin} is where the gateway takes requests: name its address of --admin`;
}

function failed(text: string): AdminAnswer {
  return { isDone: false, body: undefined, text };
}
