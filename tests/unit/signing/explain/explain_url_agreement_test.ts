import { expect, test } from "bun:test";
import { explainUrl } from "../../../../lib/signing/explain.ts";
import { createRandom, printedSeed, type Random } from "../../../support/random.ts";
import { type Draft, outcomeOf, SECRET, SIGNED_AT, signedRequest } from "../draft.ts";

const COUNT = 2_000;

const DRAFTS: Draft[] = [
  {},
  { method: "PATCH", path: "/a/b" },
  { headers: { accept: "*/*", "x-a": "1" } },
  { method: "POST", headers: { "x-a": "1" }, body: "a\n\ncontent-length;x-a\nb" },
  { method: "POST", headers: { "x-a": "1" }, body: '{"a":1}' },
  { method: "PUT", body: "" },
  { parameters: { "X-Sw-Proxy": "ftp://a.example/" } },
  { parameters: { "X-Sw-Proxy": "api.example.com" } },
  { parameters: { "X-Sw-Proxy": "wss://a.example/" } },
  { parameters: { "X-Sw-Expires": "604801" } },
  { secret: "another secret" },
  { secret: "" },
];

const PIECES = [
  ...[
    "#",
    "?",
    "&",
    "&amp;",
    "%",
    "%0A",
    "%2520",
    "+",
    "=",
    "\n",
    "\r\n",
    "\t",
    " ",
    "/",
    "1",
    "a",
  ],
  ...["X-Sw-Body=true", "&X-Sw-Date=20261122T090807Z", "&x-sw-a=1", "&a=1", "ftp", "#/?", "\u00a0"],
];

const METHODS = ["GET", "get", "patch", "PATCH", "POST", "Post", "PUT", "HEAD"];
const TIMES = [0, 1_000, 60_000, 61_000, -300_000, -301_000, NaN];

/** The text with a piece more, less or other, if not as it is. */
function mutated(text: string, random: Random): string {
  if (random.below(3) === 0) return text;
  const start = random.below(text.length + 1);
  const end = random.below(2) === 0 ? start : start + random.below(12);
  return text.slice(0, start) + random.pick(["", ...PIECES]) + text.slice(end);
}

/** A request to a signed URL, most of them changed in one place or two. */
function randomRequest(random: Random) {
  const { method, path, query, headers, body } = signedRequest(random.pick(DRAFTS));
  const given = Object.fromEntries(headers as Headers);
  if (random.below(6) === 0) delete given["x-a"];
  if (random.below(6) === 0) given["x-a"] = "2";
  return {
    url: mutated(`https://edge.example.net${path}?${query}`, random),
    method: random.below(4) === 0 ? random.pick(METHODS) : method,
    headers: given,
    body: random.below(8) === 0 ? new Uint8Array(3) : body,
    now: SIGNED_AT + (random.below(3) === 0 ? random.pick(TIMES) : 0),
    secrets: random.pick([[SECRET], ["", SECRET], [""], [SECRET, "x"]]),
  };
}

/** The codes that name the mistake behind a query that cannot be parsed. */
const OF_QUERIES = ["html_escaped", "url_cut", "not_signed", "url_encoded_twice"];
const OF_SIGNATURES = ["signature_cut", "signature_case"];
/** The codes of refusals of a query that can be parsed. */
const OF_REQUESTS: readonly string[] = [
  ...["expires_too_long", "expired", "date_in_future", "signed_header_missing"],
  ...["signature_mismatch", "target_invalid"],
];

test("explainUrl accepts what verifyUrl accepts, and its first cause is the verifier's", async () => {
  const random = createRandom(printedSeed("explained URLs"));
  const counts: Record<string, number> = {};
  for (let i = 0; i < COUNT; i++) {
    const { url, now, secrets, ...request } = randomRequest(random);
    if (!URL.canParse(url)) continue;
    const { pathname, search } = new URL(url);
    const code = await outcomeOf(
      { ...request, headers: new Headers(request.headers), path: pathname, query: search.slice(1) },
      { now: () => now, findSecrets: () => secrets },
    );
    const explanation = await explainUrl(url, { ...request, secrets, now: new Date(now) });
    const { accepted, causes, signature } = explanation;
    const shown = JSON.stringify({ url, now, secrets, request, code, causes });
    counts[code] = (counts[code] ?? 0) + 1;
    const first = causes[0]?.code ?? "accepted";
    if (
      signature === "unchecked" &&
      OF_REQUESTS.includes(code) &&
      secrets.every((it) => it === "")
    ) {
      // Without a secret, the signature is left out.
      expect([shown, accepted]).not.toEqual([shown, true]);
      continue;
    }
    expect([shown, accepted]).toEqual([shown, code === "accepted"]);
    if (code === "signature_mismatch") {
      expect([shown, OF_REQUESTS.includes(first)]).toEqual([shown, false]);
      expect([shown, first]).not.toEqual([shown, "accepted"]);
    } else if (first !== code) {
      expect([shown, [...OF_QUERIES, ...OF_SIGNATURES]]).toEqual([
        shown,
        expect.arrayContaining([first]),
      ]);
      expect([shown, OF_REQUESTS.includes(code)]).toEqual([shown, false]);
    }
  }
  console.log("explained URLs:", JSON.stringify(counts));
  for (const code of ["accepted", "expired", "date_in_future", "signature_mismatch"]) {
    expect([code, counts[code]! > 10]).toEqual([code, true]);
  }
}, 120_000);

test.each(["\n", "\r\n", "\t"])("%j in a URL is removed, as the URL parser does", async (end) => {
  const { query } = signedRequest();
  const url = `https://edge.example.net/?${query.replace("&X-Sw-Date", `${end}&X-Sw-Date`)}`;
  const explanation = await explainUrl(url, { secrets: [SECRET], now: new Date(SIGNED_AT) });
  expect(explanation.accepted).toBe(true);
});
