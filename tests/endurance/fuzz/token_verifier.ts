import { createHmac } from "node:crypto";
import { parseToken, peekToken, TokenError, verifyToken } from "../../../lib/signing/verify.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { mint } from "../../support/minted.ts";
import type { Random } from "../../support/random.ts";
import { tokenCorpus } from "./corpus.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { mutateJson, NOW, randomClaims, randomToken } from "./random_token.ts";

const BATCH = 100;
const OTHER_SECRET = "another secret, of 32 bytes or more";

/**
 * Fuzzes the verifier of tokens until the deadline, the corpus first. What it accepts must have the MAC of
 * another library, and claims that another parser of JSON reads alike.
 *
 * @param random decides every input
 * @param over whether the time is up
 */
export async function fuzzTokenVerifier(random: Random, over: () => boolean): Promise<FuzzResult> {
  const tally = createTally("verifyToken, parseToken, peekToken");
  for (const { name, header, payload, append = "" } of tokenCorpus()) {
    const raw = { ...(header && { rawHeader: header }), ...(payload && { rawPayload: payload }) };
    await tryOne(mint({ now: NOW, ...raw }) + append, tally, name);
  }
  while (!over()) {
    for (let i = 0; i < BATCH; i++) await tryOne(randomInput(random), tally);
    await Bun.sleep(0);
  }
  return tally.result;
}

/** A token, changed as a text, or in its parts before it was signed. */
function randomInput(random: Random): string {
  const genuine = randomToken(random);
  const payload = mutateJson(JSON.stringify(randomClaims(random)), random);
  const header = mutateJson('{"alg":"HS256","typ":"JWT"}', random);
  return random.pick([
    () => genuine,
    () => mutateJson(genuine, random),
    () => mint({ rawPayload: payload }),
    () => mint({ rawPayload: JSON.stringify(randomClaims(random)), secret: OTHER_SECRET }),
    () => mint({ rawPayload: payload, secret: OTHER_SECRET }),
    () => mint({ rawPayload: JSON.stringify(randomClaims(random)), rawHeader: header }),
    () => withParts(genuine, mint({ rawPayload: payload }), random),
  ])();
}

/** The parts of one token, and some of another. */
function withParts(one: string, two: string, random: Random): string {
  const other = two.split(".");
  return one
    .split(".")
    .map((part, index) => (random.below(2) ? part : other[index]))
    .join(".");
}

async function tryOne(token: string, tally: Tally, name?: string): Promise<void> {
  tally.begin();
  const outcome = await outcomeOf(token);
  tally.count(outcome);
  const input = { name, token };
  if (outcome.startsWith("threw")) tally.found(outcome, input);
  if (outcome === "accepted" && !isMinted(token))
    tally.found("accepted, and nobody minted it", input);
  const peeked = attempt(() => peekToken(token)?.issuer);
  const parsed = attempt(() => parseToken(token).issuer);
  for (const result of [peeked, parsed])
    if (result instanceof Error) tally.found(`threw ${result}`, input);
  if (typeof parsed === "string" && parsed !== peeked)
    tally.found("peeked as another issuer", input);
  if (outcome === "accepted" && parsed === undefined)
    tally.found("accepted, and not parsed", input);
}

async function outcomeOf(token: string): Promise<string> {
  try {
    await verifyToken(token, {
      findSecrets: (id) => (id === CREDENTIAL.id ? [CREDENTIAL.secret] : undefined),
      now: () => NOW * 1000,
    });
    return "accepted";
  } catch (error) {
    return error instanceof TokenError ? error.code : `threw ${error}`;
  }
}

/** The result, or the error if it is none that a token may cause. */
function attempt(read: () => string | undefined): string | undefined | Error {
  try {
    return read();
  } catch (error) {
    return error instanceof TokenError ? undefined : (error as Error);
  }
}

/** Whether the text is what the secret signs, and says what it must, read without the code under test. */
function isMinted(token: string): boolean {
  const [header = "", payload = "", signature] = token.split(".");
  const expected = createHmac("sha256", CREDENTIAL.secret).update(`${header}.${payload}`);
  const [{ alg }, { iss, exp, sw }] = [header, payload].map((part) =>
    JSON.parse(Buffer.from(part, "base64url").toString()),
  ) as [{ alg: unknown }, { iss: unknown; exp: number; sw: unknown }];
  const isRight = alg === "HS256" && iss === CREDENTIAL.id && typeof sw === "object" && sw !== null;
  return isRight && exp > NOW && signature === expected.digest("base64url");
}
