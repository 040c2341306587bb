import { createHash, timingSafeEqual } from "node:crypto";
import { ApiError } from "./endpoint.ts";
import { Sessions } from "./sessions.ts";
import { WrongTries } from "./wrong_tries.ts";

/** A request, and the address of its client. */
export interface Caller {
  request: Request;
  address: string;
}

const COOKIE = "signway_session";
// A browser lets no page without TLS replace a cookie that is `Secure`, so this one has another name.
const SECURE_COOKIE = `__Host-${COOKIE}`;

/** Authenticates operators: by the token, or by the cookie of a session that began with it. */
export class Authentication {
  readonly #digest: Buffer;
  readonly #tries: WrongTries;
  readonly #sessions: Sessions;

  /**
   * @param token of operators
   * @param now a clock in milliseconds
   */
  constructor(token: string, now: () => number) {
    this.#digest = digestOf(token);
    this.#tries = new WrongTries(now);
    this.#sessions = new Sessions(now);
  }

  /** Whether a request has the cookie of a session. */
  hasSession({ headers }: Request): boolean {
    return sessionKeys(headers).some((key) => this.#sessions.has(key));
  }

  /**
   * Checks that a request is an operator's, and not of a page of another origin.
   *
   * @throws ApiError `origin_refused`, `too_many_tries`, `token_wrong`, `token_missing`
   */
  assertOperator({ request, address }: Caller): void {
    assertOwnOrigin(request);
    const header = request.headers.get("authorization");
    if (header !== null) return this.assertToken(bearerOf(header), address);
    if (!this.hasSession(request)) throw new ApiError("token_missing");
    // The cookie comes along with whatever a browser sends. A script of this page says where it is from.
    if (request.method !== "GET" && !isFromHere(request)) throw new ApiError("origin_refused");
  }

  /**
   * Checks a token.
   *
   * @param token of a caller
   * @param address of its client
   * @throws ApiError `too_many_tries`, `token_wrong`
   */
  assertToken(token: string, address: string): void {
    const wait = this.#tries.wait(address);
    if (wait > 0) throw new ApiError("too_many_tries", String(Math.ceil(wait / 1000)));
    if (timingSafeEqual(digestOf(token), this.#digest)) return;
    this.#tries.add(address);
    throw new ApiError("token_wrong");
  }

  /** Begins a session of the page that sent a request. Returns the value of `Set-Cookie`. */
  beginSession({ headers }: Request): string {
    // A proxy in front speaks TLS: the browser must not send the cookie without it.
    return cookie(isOverTls(headers), this.#sessions.begin(), 43_200);
  }

  /** Ends the session of a request. Returns the value of `Set-Cookie`. */
  endSession({ headers }: Request): string {
    for (const key of sessionKeys(headers)) this.#sessions.end(key);
    return cookie(isOverTls(headers), "", 0);
  }
}

/**
 * Checks that a request is not of a page of another origin.
 *
 * @throws ApiError `origin_refused`
 */
export function assertOwnOrigin({ headers }: Request): void {
  const origin = headers.get("origin");
  if (origin !== null && !isOwn(origin, headers)) throw new ApiError("origin_refused");
  if (/^(cross-site|same-site)$/.test(headers.get("sec-fetch-site") ?? "")) {
    throw new ApiError("origin_refused");
  }
}

/** The scheme is not compared: a reverse proxy in front may have another. */
function isOwn(origin: string, headers: Headers): boolean {
  return URL.parse(origin)?.host === headers.get("host");
}

function isFromHere({ headers }: Request): boolean {
  return headers.has("origin") || headers.get("sec-fetch-site") === "same-origin";
}

function bearerOf(header: string): string {
  return /^bearer +(\S+) *$/i.exec(header)?.[1] ?? "";
}

/** Both cookies, where an operator has logged in with TLS and without. */
function sessionKeys(headers: Headers): string[] {
  const pairs = (headers.get("cookie") ?? "").split(/; */);
  return [SECURE_COOKIE, COOKIE].flatMap((name) => {
    const found = pairs.find((pair) => pair.startsWith(`${name}=`));
    return found === undefined ? [] : [found.slice(name.length + 1)];
  });
}

function isOverTls(headers: Headers): boolean {
  return headers.get("origin")?.startsWith("https:") === true;
}

function cookie(isSecure: boolean, key: string, maxAge: number): string {
  const [name, secure] = isSecure ? [SECURE_COOKIE, "; Secure"] : [COOKIE, ""];
  return `${name}=${key}; Path=/; HttpOnly; SameSite=Strict; Max-Age=${maxAge}${secure}`;
}

// Digests have one length, so that comparing them tells nothing.
function digestOf(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
