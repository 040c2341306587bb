import { formatJson, type JsonValue, parseStrictJson } from "../../../lib/signing/verify.ts";
import { policyGateway, posting } from "../../unit/gateway/policy/policy_gateway.ts";
import type { Random } from "../../support/random.ts";
import { ambiguousJson } from "./ambiguous_json.ts";
import { bodyCorpus } from "./corpus.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { type JsonParser, meaningOf, startParsers } from "./json_parsers/parsers.ts";

const BATCH = 200;

// Edits nothing, and applies to every body.
const POLICY = { body: { schema: true } };
// Copies the lists and objects on its way.
const EDITING = { body: { patch: [{ op: "add", path: "/added", value: { n: 1 } }] } };

/**
 * Fuzzes bodies under policies until the deadline, the corpus first. A body is refused, or what is forwarded means the
 * same to Python's json, Go's encoding/json, Node's JSON.parse, jq and the gateway.
 *
 * @param random decides every input
 * @param over whether the time is up
 */
export async function fuzzPolicyBodies(random: Random, over: () => boolean): Promise<FuzzResult> {
  const tally = createTally("bodies under policies");
  const parsers = await startParsers();
  try {
    let batch = bodyCorpus();
    do {
      await tryAll(batch, parsers, tally);
      batch = Array.from({ length: BATCH }, () => ambiguousJson(random));
    } while (!over());
  } finally {
    for (const parser of parsers) await parser[Symbol.asyncDispose]();
  }
  return tally.result;
}

async function tryAll(
  bodies: readonly Uint8Array[],
  parsers: readonly JsonParser[],
  tally: Tally,
): Promise<void> {
  const gateway = policyGateway();
  const accepted: { body: Uint8Array; forwarded: Uint8Array }[] = [];
  const refused: Uint8Array[] = [];
  for (const [index, body] of bodies.entries()) {
    tally.begin();
    const outcome = await forward(gateway, body, index % 4 === 0 ? EDITING : POLICY);
    if (typeof outcome === "string") {
      tally.count(outcome);
      refused.push(body);
      if (!/^(body_malformed|policy_violation)$/.test(outcome)) {
        tally.found(`the gateway answers ${outcome}`, inHex(body));
      }
    } else {
      tally.count("forwarded");
      accepted.push({ body, forwarded: outcome });
    }
  }
  await compare(accepted, parsers, tally);
  await countDisagreements(refused, parsers, tally);
}

/** What reached the upstream, or the code of the refusal. */
async function forward(
  gateway: ReturnType<typeof policyGateway>,
  body: Uint8Array,
  policy: object,
): Promise<Uint8Array | string> {
  gateway.fetched.length = 0;
  const headers = { "content-length": String(body.length) };
  const response = await gateway.send(posting(policy, body.slice().buffer, { headers }));
  const code = response.headers.get("x-sw-problem");
  if (code !== null) return code;
  const sent = gateway.fetched[0]?.request.body;
  if (!(sent instanceof Uint8Array)) return `status ${response.status} without a body`;
  return sent.slice();
}

async function compare(
  accepted: readonly { body: Uint8Array; forwarded: Uint8Array }[],
  parsers: readonly JsonParser[],
  tally: Tally,
): Promise<void> {
  const documents = accepted.map(({ forwarded }) => forwarded);
  const results = await Promise.all(parsers.map((parser) => parser.read(documents)));
  for (const [index, { body, forwarded }] of accepted.entries()) {
    const own = parseStrictJson(forwarded);
    const meaning = meaningOf(plain(own));
    for (const [which, { name }] of parsers.entries()) {
      const other = results[which]![index];
      if (other !== meaning) tally.found(`${name} reads ${other}, not ${meaning}`, inHex(body));
    }
    if (formatJson(own) !== new TextDecoder().decode(forwarded)) {
      tally.found("it is forwarded in another form", inHex(body));
    }
  }
}

/** How many of the refused bodies the parsers read in different ways; jq cannot be told of bytes. */
async function countDisagreements(
  refused: readonly Uint8Array[],
  parsers: readonly JsonParser[],
  tally: Tally,
): Promise<void> {
  const others = parsers.filter(({ name }) => name !== "jq");
  const results = await Promise.all(others.map((parser) => parser.read(refused)));
  for (const index of refused.keys()) {
    const meanings = new Set(results.map((lines) => lines[index]));
    if (meanings.size > 1) tally.count("refused, and read in different ways by others");
  }
}

/** As JSON.parse would have it. */
function plain(value: JsonValue): unknown {
  return JSON.parse(JSON.stringify(value), (_, member: unknown) => member);
}

function inHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex");
}
