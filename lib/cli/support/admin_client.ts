import { failureCode } from "./failure_code.ts";
import { z } from "zod";
import { ConfigError } from "../../config/config_error.ts";
import { textWithin } from "../../gateway/body/text_within.ts";
import { printable } from "../../gateway/record/printable.ts";
import type { Environment } from "../../config/environment.ts";

/** An answer of the admin API: what was asked for, or why there is none, in one sentence. */
export type AdminAnswer<Body> = { isDone: true; body: Body } | { isDone: false; text: string };

/** A question to the admin API. */
export interface AdminQuestion<Body> {
  /** The path with its query. */
  path: string;
  /** The form of a successful answer. */
  answer: z.ZodType<Body>;
  /** Default: GET. */
  method?: string;
  /** Sent as JSON. Default: nothing. */
  body?: object;
}

/** The admin API of a running gateway. */
export interface AdminAccess {
  url: URL;
  token: string;
}

const TIMEOUT_MS = 10_000;

/** The largest answer, in bytes. */
const MAX_BYTES = 2 ** 23;

/**
 * Finds the admin API that a command line names.
 *
 * @param given the value of `--admin`; `undefined` when it is missing
 * @param env the environment variables, of which `SW_ADMIN_TOKEN` is the token
 * @param known mistakes of the command line that are told beside its own. Default: none
 * @throws ConfigError when one of them is missing or wrong, or when there are other mistakes; it repeats neither
 */
export function adminAccess(
  given: string | undefined,
  env: Environment,
  known: readonly string[] = [],
): AdminAccess {
  const url = URL.parse(given ?? "");
  const token = env["SW_ADMIN_TOKEN"];
  const mistakes = [...known];
  if (given === undefined)
    mistakes.push("--admin is missing: name the gateway's address of --admin");
  else if (!url || !isPlain(url)) {
    mistakes.push("--admin must be an http or https URL, such as http://127.0.0.1:13090");
  }
  if (!token) mistakes.push("SW_ADMIN_TOKEN is not set: it has to be the gateway's admin_token");
  else if (!/^[\x21-\x7e]+$/.test(token)) {
    mistakes.push("SW_ADMIN_TOKEN has characters that cannot be sent in a header");
  }
  if (mistakes.length > 0 || !url || !token) throw new ConfigError(mistakes);
  return { url, token };
}

function isPlain({ protocol, username, password, search, hash }: URL): boolean {
  return /^https?:$/.test(protocol) && !username && !password && !search && !hash;
}

/**
 * Asks the admin API.
 *
 * @param access the API
 * @param question what is asked
 */
export async function askAdmin<Body>(
  { url, token }: AdminAccess,
  { path, answer: form, method = "GET", body }: AdminQuestion<Body>,
): Promise<AdminAnswer<Body>> {
  const headers = {
    Authorization: `Bearer ${token}`,
    "Content-Type": "application/json",
    // A compressed answer could be much larger than what was received of it.
    "Accept-Encoding": "identity",
  };
  try {
    const response = await fetch(baseOf(url) + path, {
      method,
      headers,
      ...(body && { body: JSON.stringify(body) }),
      redirect: "manual",
      decompress: false,
      proxy: false,
      // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED in the environment would turn verification off.
      tls: { rejectUnauthorized: true },
      // BUN_CONFIG_VERBOSE_FETCH in the environment would print the token.
      verbose: false,
      signal: AbortSignal.timeout(TIMEOUT_MS),
    } as RequestInit);
    const text = await textWithin(response.body ?? [], MAX_BYTES).catch(() => "");
    if (text === undefined) return failed(tooLarge(url));
    const answer = valueOf(text);
    if (response.headers.has("X-Sw-Problem")) return failed(notAdmin(url));
    if (response.ok) return doneWith(form.safeParse(answer), url);
    const { code, detail } = refusal.parse(answer);
    const hasNoApi = response.status === 404 && code === undefined;
    if (hasNoApi) return failed(noApi(url));
    const reason = detail === undefined ? "" : `: ${detail}`;
    return failed(printable(`the gateway refuses (${code ?? response.status})${reason}`));
  } catch (error) {
    return failed(`the admin API at ${baseOf(url)} does not respond (${failureCode(error)})`);
  }
}

/** The URL without a slash at its end. A reverse proxy may serve the API under a path. */
function baseOf({ origin, pathname }: URL): string {
  return origin + pathname.replace(/\/$/, "");
}

function noApi(url: URL): string {
  return `there is no admin API at ${baseOf(url)}: a gateway serves it at its address of --admin, with the setting admin_token`;
}

// Only the port for requests answers with the header of problems; the admin API does not.
function notAdmin(url: URL): string {
  return `${baseOf(url)} is where the gateway takes requests: name its address of --admin`;
}

function tooLarge(url: URL): string {
  return `${baseOf(url)} answers with more than 8 MiB, which is no answer of an admin API`;
}

function valueOf(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

// A proxy, or another server at the address, may answer with anything.
function doneWith<Body>(answer: z.ZodSafeParseResult<Body>, url: URL): AdminAnswer<Body> {
  if (answer.success) return { isDone: true, body: answer.data };
  return failed(`${baseOf(url)} does not answer as the admin API of a gateway`);
}

const refusal = z.object({ code: z.string().optional(), detail: z.string().optional() }).catch({});

function failed(text: string): { isDone: false; text: string } {
  return { isDone: false, text };
}
