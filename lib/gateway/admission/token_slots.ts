import type { InboundRequest } from "../inbound.ts";
import { decodeLeniently, splitParameter } from "../model/parameter_names.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { KnownContents } from "./known_contents.ts";
import { type ReadToken, readToken } from "./read_token.ts";

/** A token in a request. It is not verified. */
export interface FoundToken extends ReadToken {
  /** Whether it is in the URL, which logs and histories keep. */
  isInUrl: boolean;
  /** Whether it is in `Authorization` alone. */
  isBearer: boolean;
  /** Whether it is only in a sub-protocol that is no place for tokens, and would go to the upstream. */
  isMisplaced: boolean;
}

/** Adds a value of a slot to the tokens that were found, if it is one. */
type AddToken = (text: string | undefined, slot: SlotKind) => void;
type SlotKind = "authorization" | "header" | "url" | "misplaced";

// RFC 6750, section 2.1. Some clients write `Token`.
const AUTHORIZATION = /^(?:Bearer|Token) +(\S+)$/i;
const HEADERS = ["x-api-key", "x-goog-api-key", "api-key", "xi-api-key"];

// A page can set no other header of a WebSocket's handshake.
const PROTOCOL = /^(?:openai-insecure-api-key|bearer)\.(.+)$/;
const BEFORE_PROTOCOL = ["token", "bearer"];

const PARAMETERS = ["X-Sw-Token", "key"];
const PARAMETERS_OF_READING = [...PARAMETERS, "access_token", "token", "single_use_token"];
const READING = ["GET", "HEAD"];

/** Far more than clients send. The limit bounds how many apps the gateway looks up for one request. */
const MAX_TOKENS = 16;

/** The same for all values. Most of the time that an unverified request takes would be spent on them. */
const MAX_VALUES = 64;

// Some clients and proxies encode the tilde, which does not change the URL (RFC 3986, section 2.3).
const PATH_TOKEN = /^\/(?:~|%7e)([^/]*)/i;

/**
 * Finds all tokens in a request, from any issuer. A value counts as a token if it has the form of a JWT
 * (RFC 7519) with an issuer. The gateway leaves all other values to the upstream.
 *
 * @param inbound the request
 * @param contents where the contents of verified tokens are kept
 * @returns each token once; most requests have none
 * @throws GatewayError `request_malformed`, `url_too_long`; `token_repeated` for more than 16 tokens
 *   or 64 values
 */
export function findTokens(
  inbound: InboundRequest,
  contents: KnownContents,
): readonly FoundToken[] {
  const found: FoundToken[] = [];
  let values = 0;
  addFromSlots(inbound, (text, slot) => {
    if (!text) return;
    if (++values > MAX_VALUES) throw new GatewayError("token_repeated");
    addToken(found, text, slot, contents);
  });
  return found;
}

/** Three parts in base64url, of which the first begins like an object of JSON. */
const JWT_LIKE = /^ey[\w-]*\.[\w-]+\.[\w-]*$/;

/**
 * Whether a slot for tokens holds a value that looks like a JWT, with an issuer or without. It is for the log.
 *
 * @param inbound the request
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function hasJwt(inbound: InboundRequest): boolean {
  let isFound = false;
  addFromSlots(inbound, (text, slot) => {
    isFound ||= slot !== "misplaced" && text !== undefined && JWT_LIKE.test(text);
  });
  return isFound;
}

function addFromSlots({ request, target }: InboundRequest, add: AddToken): void {
  const { path, query } = target;
  addFromHeaders(request.headers, add);
  if (mayHaveParameter(query)) addFromParameters(query, request.method, add);
  if (/^\/[~%]/.test(path)) add(pathToken(path), "url");
}

function addToken(
  found: FoundToken[],
  text: string,
  slot: SlotKind,
  contents: KnownContents,
): void {
  const [isInUrl, isBearer] = [slot === "url", slot === "authorization"];
  const earlier = found.find((token) => token.text === text);
  if (earlier) {
    if (slot === "misplaced") return;
    earlier.isMisplaced = false;
    earlier.isInUrl ||= isInUrl;
    earlier.isBearer &&= isBearer;
    return;
  }
  const token = readToken(text, contents);
  if (!token) return;
  if (found.length === MAX_TOKENS) throw new GatewayError("token_repeated");
  found.push({ ...token, isInUrl, isBearer, isMisplaced: slot === "misplaced" });
}

/**
 * Returns the text between `/~` and the next `/` at the start of a path.
 *
 * @param path of the request, percent-encoded
 * @returns `undefined` if the path has no `/~` at its start
 */
export function pathToken(path: string): string | undefined {
  return PATH_TOKEN.exec(path)?.[1];
}

/**
 * Returns the rest of a path behind a token at its start.
 *
 * @param path of the request, percent-encoded
 */
export function pathBehindToken(path: string): string {
  return path.replace(PATH_TOKEN, "");
}

function addFromHeaders(headers: Headers, add: AddToken): void {
  const authorization = headers.get("authorization");
  if (authorization?.includes(".")) {
    for (const value of valuesOf(authorization)) {
      add(AUTHORIZATION.exec(value)?.[1], "authorization");
    }
  }
  for (let i = 0; i < HEADERS.length; i++) {
    const values = headers.get(HEADERS[i]!);
    if (values?.includes(".")) for (const value of valuesOf(values)) add(value, "header");
  }
  const protocols = headers.get("sec-websocket-protocol");
  if (protocols?.includes(".")) addFromProtocols(valuesOf(protocols), add);
}

// The runtime joins repeated headers with a comma, and trims them.
function valuesOf(header: string): readonly string[] {
  return header.includes(",") ? header.split(",").map((value) => value.trim()) : [header];
}

function addFromProtocols(entries: readonly string[], add: AddToken): void {
  for (const [index, entry] of entries.entries()) {
    const isNext = BEFORE_PROTOCOL.includes(entries[index - 1]?.toLowerCase() ?? "");
    add(PROTOCOL.exec(entry)?.[1] ?? (isNext ? entry : undefined), "header");
    // The last three parts may be a JWT, whatever stands before them.
    add(entry.split(".").slice(-3).join("."), "misplaced");
  }
}

/** Whether a query has one of the parameters, or a name with an escape. Most queries have none. */
function mayHaveParameter(query: string): boolean {
  if (query.includes("oken=") || query.includes("key=")) return true;
  let percent = query.indexOf("%");
  for (let start = 0; percent >= 0;) {
    const equals = query.indexOf("=", start);
    if (equals < 0 || percent < equals) return true;
    start = query.indexOf("&", equals) + 1;
    if (start === 0) return false;
    if (percent < start) percent = query.indexOf("%", start);
  }
  return false;
}

function addFromParameters(query: string, method: string, add: AddToken): void {
  const names = READING.includes(method) ? PARAMETERS_OF_READING : PARAMETERS;
  for (const part of query.split("&")) {
    const [name, value] = splitParameter(part);
    if (names.includes(decodeLeniently(name))) add(decodeLeniently(value), "url");
  }
}
