import { decodeForm, peekToken, type UnverifiedToken } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";

/** A token that a request carries. It is not verified. */
export interface FoundToken {
  text: string;
  /** Whether it stands in the URL, which logs and histories keep. */
  isInUrl: boolean;
  /** The issuer and the audience that the token names. */
  claims: UnverifiedToken;
}

type Note = (text: string | undefined, isInUrl: boolean) => void;

// RFC 6750, section 2.1. Some clients write `Token`.
const AUTHORIZATION = /^(?:Bearer|Token) +(\S+)$/i;
const HEADERS = ["x-api-key", "x-goog-api-key", "api-key", "xi-api-key"];

// A page can set no other header of a WebSocket's handshake.
const PROTOCOL = /^(?:openai-insecure-api-key|bearer)\.(.+)$/;
const BEFORE_PROTOCOL = ["token", "bearer"];

const PARAMETERS = ["X-Sw-Token", "key"];
const PARAMETERS_OF_READING = [...PARAMETERS, "access_token", "token", "single_use_token"];
const READING = ["GET", "HEAD"];

/**
 * Finds the tokens that a request carries, whoever issued them. A value is a token when it has the form of
 * a JWT with an issuer. Any other value is left to the upstream.
 *
 * @param inbound the request
 * @returns each token once; for most requests there is none
 * @throws GatewayError `request_malformed`, `url_too_long`
 */
export function findTokens(inbound: InboundRequest): readonly FoundToken[] {
  const found: FoundToken[] = [];
  const note: Note = (text, isInUrl) => {
    const claims = text && peekToken(text);
    if (!claims) return;
    const known = found.find((other) => other.text === text);
    if (known) known.isInUrl ||= isInUrl;
    else found.push({ text, isInUrl, claims });
  };
  const { headers, method } = inbound.request;
  noteHeaders(headers, note);
  noteProtocols(headers.get("sec-websocket-protocol"), note);
  noteParameters(inbound.target.query, READING.includes(method), note);
  note(pathToken(inbound.target.path), true);
  return found;
}

/**
 * Returns the text between `/~` and the next `/` at the start of a path.
 *
 * @param path of the request, percent-encoded
 * @returns `undefined` for a path that begins otherwise
 */
export function pathToken(path: string): string | undefined {
  return path.startsWith("/~") ? path.slice(2).split("/", 1)[0] : undefined;
}

function noteHeaders(headers: Headers, note: Note): void {
  note(AUTHORIZATION.exec(headers.get("authorization") ?? "")?.[1], false);
  for (const name of HEADERS) note(headers.get(name) ?? undefined, false);
}

function noteProtocols(protocols: string | null, note: Note): void {
  if (protocols === null) return;
  const entries = protocols.split(",").map((entry) => entry.trim());
  for (const [index, entry] of entries.entries()) {
    const isNext = BEFORE_PROTOCOL.includes(entries[index - 1]?.toLowerCase() ?? "");
    note(PROTOCOL.exec(entry)?.[1] ?? (isNext ? entry : undefined), false);
  }
}

function noteParameters(query: string, isReading: boolean, note: Note): void {
  // A token has two dots.
  if (!/\.|%2e/i.test(query)) return;
  const names = isReading ? PARAMETERS_OF_READING : PARAMETERS;
  for (const part of query.split("&")) {
    const [name, value] = splitParameter(part);
    if (value !== "" && names.includes(decodeLeniently(name))) note(decodeLeniently(value), true);
  }
}

/**
 * Splits a parameter of a query at its first `=`.
 *
 * @param part what stands between two `&`
 * @returns name and value as they are written
 */
export function splitParameter(part: string): [name: string, value: string] {
  const equals = part.indexOf("=");
  return equals < 0 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
}

/**
 * Decodes a name or value of a query.
 *
 * @param text as it is written
 * @returns the text itself when its escapes are no UTF-8
 */
export function decodeLeniently(text: string): string {
  try {
    return decodeForm(text);
  } catch {
    return text;
  }
}
