import { createHmac } from "node:crypto";
import { hmac } from "../../../lib/runtime/crypto/hmac.ts";
import { type FieldSource, HASH_NAMES, verifyRequest } from "../../../lib/signing/verify.ts";
import {
  HEADER_VECTORS,
  type HeaderVector,
  requestWith,
} from "../../unit/signing/sasigning/header_vectors.ts";
import type { Random } from "../../support/random.ts";
import { headerCorpus } from "./corpus.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { mutateOften } from "./mutate.ts";

const BATCH = 100;

// The HMAC that is the reference has no BLAKE2; the vectors of `tests/unit/signing` cover those.
const HASHES = HASH_NAMES.filter((hash) => !hash.startsWith("blake2"));
const VECTORS = HEADER_VECTORS.filter(({ scheme }) => HASHES.includes(scheme.hash));

/** What is verified: the values of the fields, and what the rest is. */
type Attempt = Pick<HeaderVector, "scheme" | "secret" | "values" | "signature">;

/**
 * Fuzzes the verifier of header signatures until the deadline, the corpus first. What it has to say is
 * computed with another library, from the values alone.
 */
export async function fuzzHeaderVerifier(random: Random, over: () => boolean): Promise<FuzzResult> {
  const tally = createTally("verifyRequest");
  for (const { name, signed, sent, before = "", after = "" } of headerCorpus()) {
    const scheme = { fields: ["path"], delimiter: "", hash: "sha256" as const, hmac };
    const genuine = { scheme, secret: "secret", values: [signed], signature: "" };
    const signature = before + referenceSignature(genuine) + after;
    await tryOne({ ...genuine, values: [sent], signature }, tally, name);
  }
  while (!over()) {
    for (let i = 0; i < BATCH; i++) {
      await tryOne(mutateAttempt(random.pick(VECTORS), random), tally);
    }
    await Bun.sleep(0);
  }
  return tally.result;
}

function mutateAttempt(vector: HeaderVector, random: Random): Attempt {
  const { scheme, secret, values, signature } = vector;
  const at = random.below(values.length);
  const value = mutateOften(values[at] ?? "", random, 2);
  return random.pick([
    () => ({ ...vector, values: values.with(at, value) }),
    () => ({ ...vector, values: values.toReversed() }),
    () => ({ ...vector, signature: mutateOften(signature, random, 2) }),
    () => ({ ...vector, secret: mutateOften(secret, random, 1) }),
    () => ({ ...vector, scheme: { ...scheme, delimiter: mutateOften("|", random, 1) } }),
    () => ({ ...vector, scheme: { ...scheme, hash: random.pick(HASHES) } }),
    () => ({ ...vector }),
  ])();
}

async function tryOne(attempt: Attempt, tally: Tally, name?: string): Promise<void> {
  const request = requestOf(attempt);
  if (!request) return;
  tally.begin();
  const outcome = await outcomeOf(attempt, request);
  const expected = isRight(attempt) ? "accepted" : "refused";
  const input = { name, ...attempt };
  if (outcome !== expected) tally.found(`${outcome}, which ought to be ${expected}`, input);
  tally.count(outcome);
}

/** A header cannot hold every value; those are no requests. */
function requestOf({ scheme: { fields }, values }: Attempt): FieldSource | undefined {
  try {
    const request = requestWith(fields, values);
    const isAsGiven = (field: string, i: number) =>
      !field.startsWith("HTTP_") || values[i]?.trim() === values[i];
    return fields.every(isAsGiven) ? request : undefined;
  } catch {
    return undefined;
  }
}

async function outcomeOf(
  { scheme, secret, signature }: Attempt,
  request: FieldSource,
): Promise<string> {
  try {
    return (await verifyRequest(request, signature, [secret], scheme)) ? "accepted" : "refused";
  } catch (error) {
    return `threw ${error}`;
  }
}

function isRight(attempt: Attempt): boolean {
  const { values, secret, signature, scheme } = attempt;
  // Half a surrogate pair has no bytes, so nobody can have signed it.
  const texts = values.filter((_, i) => scheme.fields[i] !== "body");
  const isText = texts.every((text) => text.isWellFormed()) && secret !== "";
  return (
    isText &&
    isUnambiguous(attempt) &&
    values.every(Boolean) &&
    referenceSignature(attempt) === signature
  );
}

/** Whether only the body may reach over the delimiters around a value. */
function isUnambiguous({ values, scheme: { fields, delimiter } }: Attempt): boolean {
  if (delimiter === "") return true;
  return values.every((value, i) => {
    if (fields[i] === "body" || fields[i] === "method") return true;
    const [first, second, ...others] = positionsOf(delimiter, delimiter + value + delimiter);
    return first === 0 && second === delimiter.length + value.length && others.length === 0;
  });
}

function positionsOf(part: string, text: string): number[] {
  return [...Array(text.length).keys()].filter((i) => text.startsWith(part, i));
}

function referenceSignature({ scheme, secret, values }: Attempt): string {
  const read = values.map((value, i) =>
    scheme.fields[i] === "method" ? value.toUpperCase() : value,
  );
  const message = [...read, secret].join(scheme.delimiter);
  return createHmac(scheme.hash.replace("_", "-"), secret).update(message).digest("base64");
}
