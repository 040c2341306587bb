import type { Random } from "../../support/random.ts";

/** A request to sign, and how both signers are told of it. */
export interface GeneratedRequest {
  target: string;
  method: string;
  expires: number;
  headers: Record<string, string>;
  body?: string;
  id: string;
  secret: string;
  gateway: string;
}

/** The credentials in use; ids and secrets of every kind of text. */
export const APPS: Record<string, string> = {
  "my-id": "my-secret",
  "team/app": "a+b%20c&d=e/f",
  "team a~b.c_d": "Schlüssel 鍵 🔑 of some length",
  "größe-日本": " blanks around ",
  "50%+1&x=y": "'\"`$\\!()*~ quotes and more",
};

const SEGMENTS = [
  ..."ab019-_.~",
  ..."!$&'()*+,;=:@",
  "%20",
  "%2B",
  "%25",
  "%E2%82%AC",
  "€",
  "ü",
  "日本",
  "🚀",
  " ",
];
const PARAMETERS = [...SEGMENTS, "&a=b", "&", "=", "?", "/", "a=%26", "q=1+1", "q=x%2By"];
const VALUES = [..."aZ09", ..."!#$%&'()*+,-./:;<=>?@[]^_`{|}~\"\\", " ", "\t", "  ", "a, b"];
const BODIES = [
  "{}",
  '{"a": [1, 2]}',
  "a=b&c=d",
  "\n",
  "\r\n\r\n",
  " ",
  "Grüße",
  "日本語",
  "🚀👩‍🔬",
  "\u0000",
];

/** One request to one of the origins. */
export function randomRequest(random: Random, origins: readonly string[]): GeneratedRequest {
  // Every other one is such that no two readers of URLs differ over it.
  const isPlain = random.below(2) === 0;
  const usable = (pieces: readonly string[]) =>
    isPlain ? pieces.filter((piece) => /^[^ '\x80-\uffff]+$/.test(piece)) : pieces;
  const text = (pieces: readonly string[], most: number) =>
    Array.from({ length: random.below(most + 1) }, () => random.pick(pieces)).join("");
  const id = random.pick(Object.keys(APPS));
  const query = random.below(2) ? `?q=${text(usable(PARAMETERS), 6)}` : "";
  const method = random.pick(["GET", "POST", "PUT", "PATCH", "DELETE"]);
  const names = random.pick([[], [], ["X-Odd"], ["x-zed", "X-Odd"], ["Accept", "X-A", "x-a-b"]]);
  const withBody = method !== "GET" && random.below(2) === 0;
  return {
    // A letter at each end: a blank there would be cut off by every reader of URLs.
    target: `${random.pick(origins.filter((it) => !isPlain || new URL(it).origin === it))}/p${text(usable(SEGMENTS), 6)}${query}z`,
    method,
    expires: 1 + random.below(604_800),
    headers: Object.fromEntries(names.map((name) => [name, text(VALUES, 6)])),
    id,
    secret: APPS[id]!,
    gateway: random.pick(["", "/", "/edge", "/edge/"]),
    ...(withBody && {
      body: text(isPlain ? BODIES.filter((body) => /^[\0-\x7f]*$/.test(body)) : BODIES, 4),
    }),
  };
}

/** Why two signers may write different URLs, by the protocol's table of dialects; none: they agree. */
export function differences({ target, id, body = "" }: GeneratedRequest): string[] {
  const ascii = Array.from(body).every((character) => character < "\x80");
  return [
    ...(new URL(target).href === target ? [] : ["one normalises the target"]),
    // Python's urlparse takes it for the parameters of RFC 1808, and forgets them when empty.
    ...(/^[^?]*;(\?|$)/.test(target) ? ["one drops a ; that ends the path"] : []),
    ...(id.includes(" ") ? ["one writes + for a space"] : []),
    ...(ascii ? [] : ["one counts characters, one bytes"]),
  ];
}
