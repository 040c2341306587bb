import { fromBase64Url } from "../primitives/from_base64url.ts";
import { splitToken } from "./compact_form.ts";

/**
 * Asks the backend for an access token.
 *
 * @returns the token exactly as `signToken` returned it on the backend, without quotation marks or white
 *   space around it; or a response of the backend: JSON with the token as its member `token`, or the
 *   token as text
 */
export type FetchToken = () => string | Response | Promise<string | Response>;

/** Settings of {@link createTokenProvider}. */
export interface TokenProviderOptions {
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: () => number;
}

/** A token that is kept. */
interface CachedToken {
  token: string;
  /** When it was fetched, in milliseconds since the epoch. */
  fetchedAt: number;
  /** When the next one is fetched, in milliseconds since the epoch. */
  renewAt: number;
}

/** The most characters of the backend's text in an error. */
const MAX_TEXT = 500;

// A token is renewed this many milliseconds before it expires, or a tenth of its life if that is shorter.
const MARGIN = 30_000;

/**
 * Creates a function that returns an access token. It keeps the token until 30 seconds before it expires, or
 * until a tenth of its life is left if that is shorter. When the clock was set back, it fetches a new one. API clients
 * take the function as their `apiKey`.
 *
 * Callers that need a token at the same time share one request. When that fails, all of them get the error,
 * and the next caller asks again.
 *
 * @param fetchToken asks the backend for a token
 * @param options the clock
 * @returns the function. It rejects with the error of `fetchToken`; with an Error when `fetchToken` returns a
 *   response that is not ok: its message has the status and the first 500 characters of the response, and so have
 *   its members `status` and `text`; and with a TypeError, which does not quote the text, when the text is no token
 *   with the claim `exp`. The token is not verified
 *
 * @example
 * ```ts
 * const client = new OpenAI({
 *   baseURL: "https://gateway.example.com/api.openai.com/v1",
 *   apiKey: createTokenProvider(() => fetch("/token", { method: "POST" })),
 *   dangerouslyAllowBrowser: true, // it is no key of the API
 * });
 * ```
 */
export function createTokenProvider(
  fetchToken: FetchToken,
  options: TokenProviderOptions = {},
): () => Promise<string> {
  const { now = Date.now } = options;
  let cached: CachedToken | undefined;
  let pending: Promise<string> | undefined;
  const renew = async () => {
    const token = await tokenOf(await fetchToken());
    const fetchedAt = now();
    cached = { token, fetchedAt, renewAt: renewalTime(token, fetchedAt) };
    return token;
  };
  const finish = () => {
    pending = undefined;
  };
  return async () => {
    const time = now();
    // A clock that was set back tells nothing about the token's age.
    if (cached && cached.fetchedAt <= time && time < cached.renewAt) return cached.token;
    return (pending ??= renew().finally(finish));
  };
}

async function tokenOf(given: string | Response): Promise<string> {
  if (typeof given === "string") return given;
  if (!given.ok) throw await refusalOf(given);
  const isJson = /^application\/json\b/i.test(given.headers.get("content-type") ?? "");
  const text = await given.text();
  return isJson ? tokenOfJson(text) : text;
}

// The engine's error would quote the text, and with it the token.
function tokenOfJson(text: string): string {
  try {
    return JSON.parse(text)?.token;
  } catch {
    return "";
  }
}

async function refusalOf(response: Response): Promise<Error> {
  const { status } = response;
  // The status is told even if the connection breaks off.
  const text = (await response.text().catch(() => "")).slice(0, MAX_TEXT);
  const message = `the backend gave no token: status ${status}${text && `: ${text}`}`;
  return Object.assign(new Error(message), { status, text });
}

/** @throws TypeError when the token has no `exp` */
function renewalTime(token: string, now: number): number {
  const { exp, iat } = claimsOf(token);
  if (typeof exp !== "number") throw new TypeError("fetchToken must give a token with exp");
  // Where this clock is slow, the token would seem to live longer than it was signed for.
  const signedFor = typeof iat === "number" ? exp - iat : Infinity;
  const life = Math.max(0, Math.min(exp * 1000 - now, signedFor * 1000));
  return now + life - Math.min(MARGIN, life / 10);
}

function claimsOf(token: string): { exp?: unknown; iat?: unknown } {
  try {
    const payload = fromBase64Url(splitToken(token)?.payload ?? "");
    return JSON.parse(new TextDecoder().decode(payload)) ?? {};
  } catch {
    return {};
  }
}
