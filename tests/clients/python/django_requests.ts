import { hmac } from "../../../lib/runtime/crypto/hmac.ts";
import { signRequest } from "../../../lib/signing/mod.ts";
import {
  HASH_NAMES,
  type HashName,
  type HeaderScheme,
  isFieldName,
  verifyRequest,
} from "../../../lib/signing/verify.ts";
import type { Random } from "../../support/random.ts";
import type { Guard, WireRequest } from "./django_server.ts";

/** One agreement between a consumer and an API. */
export interface Scheme extends HeaderScheme {
  secret: string;
  fields: string[];
  delimiter: string;
  hash: HashName;
  guard: Guard;
}

/** The fields that the original resolves. */
const FIELDS = ["path", "method", "scheme", "content_type", "path_info"];
const DELIMITERS = ["", "", "$", "|", "\n", "::", " ", "é", "\0"];
const SECRET_LENGTHS = [1, 10, 32, 64, 128, 300];
const METHODS = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS"];
const TYPES = [
  "application/json",
  "text/plain; charset=utf-8",
  "Application/JSON",
  'multipart/form-data; boundary="a;b"',
  "text/plain ;x=y",
  "x",
];
const PIECES = [
  ...["a", "users", "42", "/", "/", "//", "...", "a.b", "~", "-_", "!", "'", "(", ")", "*"],
  ...["+", ",", ";", ";a=b", "=", ":", "@", "&", "$", "%20", "%2F", "%2f", "%5C", "%3F", "%23"],
  ...["%25", "%2525", "%41", "%7e", "%00", "%C3%A9", "%c3%a9", "%E4%BD%A0", "%F0%9F%94%91"],
  ...["\u00c3\u00a9", "%0A", "%3B", "%3D"],
];
const SIGNS = ["a", "Z", "9", " ", "-", "=", "&", "é", "秘", "🔑", "'", '"', "\\"];

/** A scheme; the number walks through the hash functions. */
export function randomScheme(random: Random, number: number): Scheme {
  const count = 1 + random.below(4);
  const fields = Array.from({ length: count }, () => random.pick(FIELDS));
  if (random.below(3) === 0) fields.splice(0, count, "path", "method");
  return {
    secret: `s${texts(random, SIGNS, random.pick(SECRET_LENGTHS) - 1)}`,
    fields,
    delimiter: random.pick(DELIMITERS),
    hash: HASH_NAMES[number % HASH_NAMES.length]!,
    hmac,
    // REST views read the whole Content-Type where Django reads the media type.
    guard: fields.includes("content_type")
      ? "middleware"
      : random.pick<Guard>(["middleware", "permission"]),
  };
}

/** The bytes that each hash function takes at once; HMAC hashes a longer key first. */
const BLOCKS: Readonly<Record<HashName, number>> = {
  md5: 64,
  sha1: 64,
  sha224: 64,
  sha256: 64,
  sha384: 128,
  sha512: 128,
  sha3_224: 144,
  sha3_256: 136,
  sha3_384: 104,
  sha3_512: 72,
  blake2b: 128,
  blake2s: 64,
};

/** Schemes whose secrets are as long as a block of their hash function, or nearly so. */
export const BLOCK_SCHEMES: readonly Scheme[] = HASH_NAMES.flatMap((hash) =>
  [-1, 0, 1].map((more) => ({
    secret: "x".repeat(BLOCKS[hash] + more),
    fields: ["path", "method"],
    delimiter: "",
    hash,
    hmac,
    guard: "permission",
  })),
);

/** A request below a path, rightly signed unless it lacks a field. */
export async function randomRequest(
  random: Random,
  prefix: string,
  scheme: Scheme,
): Promise<WireRequest> {
  const method = random.pick(METHODS);
  const path = prefix + texts(random, PIECES, random.below(6));
  const query = random.pick(["", "", "?", "?a=b&c=%20d", "?next=/x/../y"]);
  const hasBody = !["GET", "HEAD"].includes(method) && random.below(2) === 0;
  const type = random.below(4) > 0 ? random.pick(TYPES) : undefined;
  const request: WireRequest = {
    method,
    target: path + query,
    headers: type === undefined ? [] : [`Content-Type: ${type}`],
    ...(hasBody && { body: texts(random, SIGNS, random.below(20)) }),
  };
  return withSignature(request, await signatureOf(request, scheme));
}

/** The signature of a request as it goes over the wire; `-` when it lacks a field or one holds the delimiter. */
export async function signatureOf(
  { method, target, headers }: WireRequest,
  { secret, ...scheme }: Scheme,
): Promise<string> {
  const [path = ""] = target.split("?");
  const type = headers.find((line) => line.startsWith("Content-Type: "))?.slice(14);
  const source = {
    method,
    path: decodeURIComponent(Buffer.from(path, "latin1").toString()),
    scheme: "http",
    headers: new Headers(type === undefined ? {} : { "content-type": type }),
  };
  if (!scheme.fields.every(isFieldName)) throw new TypeError(`no field: ${scheme.fields}`);
  if (scheme.fields.includes("content_type") && type === undefined) return "-";
  const signature = await signRequest(source, secret, scheme);
  // Where a value holds the delimiter, the gateway refuses what Django accepts.
  return (await verifyRequest(source, signature, [secret], scheme)) ? signature : "-";
}

/** The same request with another signature, or none. */
export function withSignature(request: WireRequest, signature?: string): WireRequest {
  const others = request.headers.filter((line) => !line.startsWith("Signature:"));
  if (signature === undefined) return { ...request, headers: others };
  return { ...request, headers: [...others, `Signature: ${signature}`] };
}

function texts(random: Random, pieces: readonly string[], count: number): string {
  return Array.from({ length: Math.max(count, 0) }, () => random.pick(pieces)).join("");
}
