import { signedRequest, type TestRequest } from "../../unit/signing/draft.ts";
import frontDoor from "./corpus/front_door.json";
import hosts from "./corpus/host_headers.json";
import headers from "./corpus/header_verifier.json";
import bodies from "./corpus/policy_bodies.json";
import responses from "./corpus/upstream_responses.json";
import tokens from "./corpus/token_verifier.json";
import urls from "./corpus/url_verifier.json";
import type { ResponseInput } from "./response_input.ts";

/** A request that was signed rightly, and what is sent in its place. */
export interface UrlInput {
  name: string;
  signed: TestRequest;
  sent: TestRequest;
}

/** A path that was signed, and the path and signature that are sent in its place. */
export interface HeaderInput {
  name: string;
  signed: string;
  sent: string;
  /** Put around the signature. */
  before?: string;
  after?: string;
}

/** Bytes for the gateway; `{target}` stands for a path and query that are signed freshly. */
export interface FrontDoorInput {
  name: string;
  method: string;
  bytes: string;
}

/** A header and a payload that are signed, and what is put behind the token. */
export interface TokenInput {
  name: string;
  header?: string;
  payload?: string;
  append?: string;
}

/** The inputs of `corpus/url_verifier.json`: changes of one query, as a replacement or an addition. */
export function urlCorpus(): UrlInput[] {
  const signed = signedRequest({ headers: { "x-a": "1" } });
  return urls.map(({ name, replace = ["", ""], append = "" }: UrlChange) => {
    const [from = "", to = ""] = replace;
    if (!signed.query.includes(from)) throw new RangeError(`${name}: the query has no ${from}`);
    const query = signed.query.replace(from, () => to) + append;
    return { name, signed, sent: { ...signed, query } };
  });
}

/** The inputs of `corpus/header_verifier.json`. */
export function headerCorpus(): HeaderInput[] {
  return headers;
}

/** The inputs of `corpus/token_verifier.json`. */
export function tokenCorpus(): TokenInput[] {
  return tokens;
}

/** The inputs of `corpus/front_door.json`. */
export function frontDoorCorpus(): FrontDoorInput[] {
  return frontDoor;
}

/** The inputs of `corpus/host_headers.json`: requests, in which `{target}` stands for a signed path and query. */
export function hostCorpus(): string[] {
  return hosts.map(({ bytes }) => bytes);
}

/** The inputs of `corpus/upstream_responses.json`: what an upstream sends before it closes the connection. */
export function responseCorpus(): ResponseInput[] {
  return responses.map(({ bytes }) => ({
    ...{ method: "GET", ending: "fin", cuts: [], pause: 0 },
    bytes: Buffer.from(bytes, "latin1"),
  }));
}

/** The inputs of `corpus/policy_bodies.json`, as bytes. */
export function bodyCorpus(): Uint8Array[] {
  return bodies.map((text) => new TextEncoder().encode(text));
}

interface UrlChange {
  name: string;
  replace?: string[];
  append?: string;
}
