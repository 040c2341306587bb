import { parsePresignedUrl, SignatureError, verifyUrl } from "../../../lib/signing/verify.ts";
import { SECRET, SIGNED_AT, signedRequest, type TestRequest } from "../../unit/signing/draft.ts";
import { meaningOf } from "../../unit/signing/meaning.ts";
import { draftOf, randomPlan } from "../../unit/signing/plans.ts";
import { PUBLISHED_URLS } from "../../unit/signing/published_urls.ts";
import type { Random } from "../../support/random.ts";
import { urlCorpus } from "./corpus.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { mutateOften, randomText } from "./mutate.ts";

const BATCH = 100;

/** A request that is signed rightly, and by which secret. */
interface Genuine {
  request: TestRequest;
  secret: string;
}

/**
 * Fuzzes the verifier of signed URLs until the deadline, the corpus first.
 *
 * @param random decides every input
 * @param over whether the time is up
 */
export async function fuzzUrlVerifier(random: Random, over: () => boolean): Promise<FuzzResult> {
  const tally = createTally("verifyUrl, parsePresignedUrl");
  for (const { name, signed, sent } of urlCorpus()) {
    await tryOne(sent, { request: signed, secret: SECRET }, tally, name);
  }
  while (!over()) {
    for (let i = 0; i < BATCH; i++) {
      const genuine = genuineRequest(random);
      await tryOne(mutateRequest(genuine.request, random), genuine, tally);
    }
    await Bun.sleep(0);
  }
  return tally.result;
}

function genuineRequest(random: Random): Genuine {
  if (random.below(3) === 0) {
    return { request: signedRequest(draftOf(randomPlan(random))), secret: SECRET };
  }
  const { request, vector } = random.pick(PUBLISHED_URLS);
  return { request, secret: vector.secret };
}

async function tryOne(
  request: TestRequest,
  { request: signed, secret }: Genuine,
  tally: Tally,
  name?: string,
): Promise<void> {
  tally.begin();
  const outcome = await outcomeOf(request, secret);
  const parsed = parseOutcome(request.query);
  const isSame = meaningOf(request) === meaningOf(signed);
  const input = { name, ...request, headers: [...(request.headers as Headers)] };
  if (outcome === "accepted" && !isSame) tally.found("accepted, and means something else", input);
  if (outcome === "accepted" && parsed !== "parsed") tally.found(`accepted, but ${parsed}`, input);
  for (const it of [outcome, parsed]) if (it.startsWith("threw")) tally.found(it, input);
  tally.count(outcome === "accepted" && isSame ? "accepted, the same request" : outcome);
}

async function outcomeOf(request: TestRequest, secret: string): Promise<string> {
  try {
    const { target } = await verifyUrl(
      { readBody: () => Promise.resolve(request.body), ...request },
      { findSecrets: () => [secret], now: () => SIGNED_AT },
    );
    return /^https?:$/.test(target.protocol) ? "accepted" : "threw nothing at an unsound URL";
  } catch (error) {
    return error instanceof SignatureError ? error.code : `threw ${error}`;
  }
}

function parseOutcome(query: string): string {
  try {
    const { id, expires, signature, signedAt } = parsePresignedUrl(query);
    const isSound =
      id.length > 0 && expires >= 0 && Number.isFinite(signedAt) && signature.length === 32;
    return isSound ? "parsed" : "threw nothing at an unsound URL";
  } catch (error) {
    return error instanceof SignatureError ? error.code : `threw ${error}`;
  }
}

/** Changes the query most times, else what it is sent with. */
function mutateRequest(request: TestRequest, random: Random): TestRequest {
  const { method, path, query, body } = request;
  switch (random.below(12)) {
    case 0:
      return { ...request, method: mutateOften(method, random, 2) };
    case 1:
      return { ...request, path: mutateOften(path, random, 2) };
    case 2: {
      const text = mutateOften(Buffer.from(body).toString("latin1"), random, 2);
      return { ...request, body: new Uint8Array(Buffer.from(text)) };
    }
    case 3:
      return { ...request, headers: mutateHeaders(request.headers as Headers, random) };
    case 4:
      return { ...request, query: shuffled(query, random) };
    case 5:
      return { ...request, query: replaceValue(query, random) };
    default:
      return { ...request, query: mutateOften(query, random, 3) };
  }
}

function mutateHeaders(headers: Headers, random: Random): Headers {
  const changed = new Headers([...headers]);
  const [name, value] = random.pick([...headers, ["x-foo", "foo"] as [string, string]]);
  const raw = mutateOften(value, random, 2).replace(/[\0\r\n]|[^\0-\xff]/g, "");
  random.pick([
    () => changed.delete(name),
    () => changed.set(name, raw),
    () => changed.append(name, raw),
  ])();
  return changed;
}

/** Another order of the pairs, some of them doubled or in other capitals. */
function shuffled(query: string, random: Random): string {
  const pairs = query.split("&");
  for (let i = pairs.length - 1; i > 0; i--) {
    const other = random.below(i + 1);
    [pairs[i], pairs[other]] = [pairs[other]!, pairs[i]!];
  }
  const pair = random.pick(pairs);
  return random
    .pick([
      () => pairs,
      () => [...pairs, pair],
      () => [pair.toLowerCase(), ...pairs],
      () => pairs.map((it) => (it === pair ? it.toLowerCase() : it)),
    ])()
    .join("&");
}

function replaceValue(query: string, random: Random): string {
  const pairs = query.split("&");
  const at = random.below(pairs.length);
  const [name] = (pairs[at] ?? "").split("=");
  const text = randomText(random);
  pairs[at] = `${name}=${random.below(2) ? encodeURIComponent(text.toWellFormed()) : text}`;
  return pairs.join("&");
}
