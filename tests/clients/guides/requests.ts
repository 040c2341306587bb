import { type TestRequest } from "../../unit/signing/draft.ts";
import { type Vector, VECTORS } from "../../unit/signing/published_urls.ts";
import { createRandom } from "../../support/random.ts";
import {
  DIALECTS,
  referenceCanonical,
  referenceSignature,
  referenceText,
} from "../../unit/signing/reference.ts";

/** What a guide's function is asked to sign. */
export interface GuideRequest extends Omit<Vector, "body" | "urls"> {
  headers: Readonly<Record<string, string>>;
  /** Absent: not signed. */
  body?: Uint8Array<ArrayBuffer>;
  /** In seconds since the epoch. */
  now: number;
}

const bytes = (text: string) => new Uint8Array(Buffer.from(text));

const PLAIN: GuideRequest = {
  name: "plain",
  id: "my-id",
  secret: "my-secret",
  gateway: "http://localhost:3000",
  target: "https://api.example.com/get",
  expires: 60,
  method: "GET",
  headers: {},
  now: Date.parse("2026-11-22T09:08:07Z") / 1000,
};

/** The cases of the vectors. */
export const VECTOR_REQUESTS: GuideRequest[] = VECTORS.map(({ body, urls: _, ...vector }) => ({
  ...PLAIN,
  ...vector,
  ...(body !== undefined && { body: bytes(body) }),
}));

const ODD: Partial<GuideRequest>[] = [
  { name: "a header's name that begins with another's", headers: { "X-A": "1", "X-A-B": "2" } },
  { name: "capitals, blanks and tabs", headers: { "X-UPPER": "\t a\tb \t", ACCEPT: "" } },
  { name: "odd names of headers", headers: { "x!#$%&'*+.^_`|~9": "v", "9": "v" } },
  { name: "a header of many characters", headers: { "X-Odd": `"\\'$HOME%41; a=b, (c) [d] {e}` } },
  {
    name: "a body of every byte",
    method: "PUT",
    body: Uint8Array.from({ length: 256 }, (_, i) => i),
  },
  { name: "a body of newlines", method: "POST", body: bytes("\n\n\r\n") },
  { name: "a longer body", method: "POST", body: new Uint8Array(1000).fill(0xe2) },
  { name: "a method in small letters", method: "patch" },
  { name: "a gateway with a path and a slash", gateway: "https://edge.example.net/a/b%20c/" },
  { name: "a gateway by its address", gateway: "http://[::1]:8080/x" },
  { name: "a target with everything", target: "https://a.example/ü/%zz?q=你好&r=🚀 +%2B#f~!'()*" },
  { name: "an id with everything", id: "Ünï/cöde 🔑+%2F&=" },
  { name: "a secret that fills a block", secret: "k".repeat(64 - 15) },
  { name: "a secret one byte longer", secret: "k".repeat(65 - 15) },
  { name: "a secret with everything", secret: ` '"$(x)\\\`%s%n 你好 ` },
  { name: "a moment of one-digit parts", now: Date.parse("2031-01-02T03:04:05Z") / 1000 },
  { name: "a leap day's last second", now: Date.parse("2028-02-29T23:59:59Z") / 1000 },
];

const ALPHABET = [..."aZ09-_.~ +%&=?#/:;,@$!'()*[]{}|^`<>\\\"éß你🚀"];

/** Requests of random characters, always the same ones. */
function randomRequests(count: number): GuideRequest[] {
  const random = createRandom(20_261_122);
  const text = (length: number) =>
    Array.from({ length: 1 + random.below(length) }, () => random.pick(ALPHABET)).join("");
  return Array.from({ length: count }, (_, i) => ({
    ...PLAIN,
    name: `random ${i}`,
    id: `i${text(8)}`,
    secret: `s${text(80)}`,
    target: `https://a.example/${text(40)}`,
    expires: random.below(604_800),
    method: random.pick(["POST", "PUT", "DELETE"]),
    headers: Object.fromEntries(
      Array.from({ length: random.below(4) }, () => [
        `X-${random.below(30)}`,
        ` ${random.below(99)}`,
      ]),
    ),
    ...(random.below(2) === 1 && { body: bytes(text(60)) }),
  }));
}

/** Everything that every guide's function has to sign. */
export const REQUESTS: GuideRequest[] = [
  ...VECTOR_REQUESTS,
  ...ODD.map((odd) => ({ ...PLAIN, ...odd })),
  ...randomRequests(30),
];

/** The URL that a guide's function has to come up with, from the protocol written out anew. */
export function expectedUrl(request: GuideRequest): string {
  const { id, secret, target, expires, body } = request;
  const gateway = `${request.gateway.replace(/\/+$/, "")}/`;
  const date = new Date(request.now * 1000).toISOString().replace(/[-:]|\.\d+/g, "");
  const day = date.slice(0, 8);
  const headers = Object.entries(request.headers).map(
    ([name, value]) => [name.toLowerCase(), value] as const,
  );
  if (body) headers.push(["content-length", String(body.length)]);
  const pairs = Object.entries({
    Algorithm: "SW1-HMAC-SHA256",
    Credential: `${id}/${day}`,
    Date: date,
    Expires: String(expires),
    Proxy: target,
    SignedHeaders: headers
      .map(([name]) => name)
      .sort()
      .join(";"),
    Body: String(body !== undefined),
  }).map(([name, value]) => `X-Sw-${name}=${DIALECTS.rfc3986(value)}`);
  const path = gateway.replace(/^https?:\/\/[^/]*/, "");
  const method = request.method.toUpperCase();
  const canonical = referenceCanonical({ method, path, pairs, headers, body });
  const signature = referenceSignature(referenceText(canonical, date), secret, day);
  return `${gateway}?${pairs.join("&")}&X-Sw-Signature=${signature}`;
}

/** The request that the holder of a signed URL makes. */
export function requestTo(url: string, { method, headers, body }: GuideRequest): TestRequest {
  const sent = new Headers(headers);
  if (body) sent.set("content-length", String(body.length));
  return {
    method: method.toUpperCase(),
    path: url.replace(/^https?:\/\/[^/]*|\?.*$/g, ""),
    query: url.slice(url.indexOf("?") + 1),
    headers: sent,
    body: body ?? new Uint8Array(),
  };
}

/** Requests as the drivers read them: one a line, its fields in hex and separated by tabs. */
export function driverInput(requests: readonly GuideRequest[]): string {
  return requests.map((it) => `${fieldsOf(it).map(toHex).join("\t")}\n`).join("");
}

function fieldsOf(it: GuideRequest): (string | Uint8Array)[] {
  return [
    ...[it.id, it.secret, it.gateway, it.target, `${it.expires}`, it.method, `${it.now}`],
    it.body ? "yes" : "no",
    it.body ?? "",
    ...Object.entries(it.headers).flat(),
  ];
}

function toHex(field: string | Uint8Array): string {
  return Buffer.from(field as string).toString("hex");
}
