import { expect, test } from "bun:test";
import { outcomeOf, type TestRequest } from "../draft.ts";
import { meaningOf } from "../meaning.ts";
import { PUBLISHED_URLS } from "../published_urls.ts";
import { createRandom, printedSeed, type Random } from "../../../support/random.ts";

const CASES = process.env["SIGNWAY_LONG_TESTS"] ? 20_000 : 10_000;

const SNIPPETS = [
  ..."&=%+;/?#:,~!'()* \t\n\r\0\x7f\xff\ufffd\u{1f511}0aZ",
  "%0A",
  "%00",
  "%ff",
  "%C3",
  "&X-Sw-Body=false",
  "&X-Sw-Signature=",
  "&X-Sw-Expires=604800",
  "X-Sw-",
  "[]",
  "../",
  "\ud800",
];

/** Changes a text in one place. */
function mutate(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  const length = 1 + random.below(random.below(4) === 0 ? 40 : 3);
  const [head, piece, tail] = [
    text.slice(0, at),
    text.slice(at, at + length),
    text.slice(at + length),
  ];
  const other = random.below(text.length + 1);
  return random.pick([
    () => head + tail,
    () => head + random.pick(SNIPPETS) + text.slice(at),
    () => head + random.pick(SNIPPETS) + tail,
    () => head + piece + piece + tail,
    () => head + text.slice(other, other + length) + tail,
    () => head + piece.toUpperCase() + tail,
    () => head + encodeURIComponent(piece.toWellFormed()) + tail,
    () => head + String.fromCharCode(random.below(256)) + tail,
  ])();
}

/** Changes the query alone most times, else what it is sent with. */
function mutateRequest(request: TestRequest, random: Random): TestRequest {
  switch (random.below(10)) {
    case 0:
      return { ...request, method: mutate(request.method, random) };
    case 1:
      return { ...request, path: mutate(request.path, random) };
    case 2: {
      const body = mutate(Buffer.from(request.body).toString("latin1"), random);
      return { ...request, body: new Uint8Array(Buffer.from(body)) };
    }
    case 3:
      return { ...request, headers: mutateHeaders(request.headers as Headers, random) };
    default: {
      let { query } = request;
      for (let i = random.below(3); i >= 0; i--) query = mutate(query, random);
      return { ...request, query };
    }
  }
}

function mutateHeaders(headers: Headers, random: Random): Headers {
  const changed = new Headers([...headers]);
  const [name, value] = random.pick([...headers, ["x-foo", "foo"] as [string, string]]);
  const raw = mutate(value, random).replace(/[\0\r\n]|[^\0-\xff]/g, "");
  random.pick([
    () => changed.delete(name),
    () => changed.set(name, raw),
    () => changed.append(name, raw),
  ])();
  return changed;
}

test("of many mutated requests, none is accepted and none crashes the verifier", async () => {
  const random = createRandom(printedSeed("mutated requests"));
  const outcomes = new Map<string, number>();
  for (let i = 0; i < CASES;) {
    const { request, vector, title } = random.pick(PUBLISHED_URLS);
    const mutated = mutateRequest(request, random);
    const same = meaningOf(mutated) === meaningOf(request);
    const outcome = await outcomeOf(mutated, { findSecrets: () => [vector.secret] });
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    // Another spelling of the same request may be accepted; it need not.
    if (same) continue;
    i++;
    expect([title, mutated, outcome]).not.toEqual([title, mutated, "accepted"]);
  }
  const reasons = Object.fromEntries(outcomes);
  console.log(`mutated requests: ${JSON.stringify(reasons)}`);
  for (const reached of ["signature_mismatch", "parameter_malformed", "parameter_unknown"]) {
    expect([reached, reasons[reached] ?? 0]).not.toEqual([reached, 0]);
  }
}, 120_000);

test("of many random queries, none is accepted and none crashes the verifier", async () => {
  const random = createRandom(printedSeed("random queries"));
  for (let i = 0; i < 2_000; i++) {
    const { request, vector } = random.pick(PUBLISHED_URLS);
    const text = () =>
      Array.from({ length: random.below(12) }, () =>
        random.below(2) ? random.pick(SNIPPETS) : String.fromCharCode(random.below(0x3000)),
      ).join("");
    const names = [...new URLSearchParams(request.query).keys()];
    const pairs = names.map(
      (name) => `${name}=${random.below(4) ? encodeURIComponent(text().toWellFormed()) : text()}`,
    );
    const query = random.below(2) ? pairs.join("&") : text();
    const outcome = await outcomeOf({ ...request, query }, { findSecrets: () => [vector.secret] });
    expect([query, outcome]).not.toEqual([query, "accepted"]);
  }
}, 60_000);
