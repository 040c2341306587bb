import { createHash, createHmac, timingSafeEqual } from "node:crypto";
import { sha256 } from "../../lib/runtime/crypto/sha256.ts";
import { verifyHmac } from "../../lib/runtime/crypto/verify_hmac.ts";
import { canonicalQuery } from "../../lib/signing/sw1/canonical_query.ts";
import { canonicalRequest } from "../../lib/signing/sw1/canonical_request.ts";
import { utf8 } from "../../lib/signing/primitives/encoding.ts";
import {
  createSigningKeys,
  parsePresignedUrl,
  verifyUrl,
  webSha256,
} from "../../lib/signing/verify.ts";
import { scopeOf, stringToSign } from "../../lib/signing/sw1/string_to_sign.ts";
import type { Scenario } from "../scenario.ts";
import { createSignedRequest, itemPath } from "../load/signed_request.ts";
import { interleave } from "../measure/statistics.ts";

const ID = "bench";
const SECRET = "bench-secret-3f9d2c";
const AT_ONCE = 64;

const signingKeys = createSigningKeys();
const webCrypto = { findSecrets: () => [SECRET], signingKeys };
const gatewayCrypto = { ...webCrypto, sha256, verifyHmac };

type Input = Awaited<ReturnType<typeof prepareInput>>;

/** One way to do the whole or a part of a verification. */
interface Case {
  name: string;
  /** The number of calls at once; 0 for a synchronous function. */
  atOnce: number;
  run: (input: Input) => unknown;
}

const CASES: Case[] = [
  {
    name: "`verifyUrl` as the gateway calls it, 64 at once",
    atOnce: AT_ONCE,
    run: ({ request }) => verifyUrl(request, gatewayCrypto),
  },
  {
    name: "the same, one after the other",
    atOnce: 1,
    run: ({ request }) => verifyUrl(request, gatewayCrypto),
  },
  {
    name: "`verifyUrl` on WebCrypto alone, 64 at once",
    atOnce: AT_ONCE,
    run: ({ request }) => verifyUrl(request, webCrypto),
  },
  { name: "stage: parse the query", atOnce: 0, run: ({ query }) => parsePresignedUrl(query) },
  {
    name: "stage: build the canonical request",
    atOnce: 0,
    run: (input) => createCanonicalRequest(input),
  },
  {
    name: "stage: SHA-256, WebCrypto",
    atOnce: AT_ONCE,
    run: ({ canonical }) => webSha256(canonical),
  },
  { name: "stage: SHA-256, synchronous", atOnce: 0, run: ({ canonical }) => sha256(canonical) },
  {
    name: "stage: compare the HMAC, WebCrypto",
    atOnce: AT_ONCE,
    run: ({ key, url, text }) => crypto.subtle.verify("HMAC", key, url.signature, text),
  },
  { name: "peer: both hashes in `node:crypto`", atOnce: 0, run: hashInNode },
];

function createCanonicalRequest({
  url,
  request: { method, path },
}: Pick<Input, "url" | "request">): string {
  const query = canonicalQuery(url.query.raw);
  return canonicalRequest({ method, path, query, headers: new Map() });
}

function hashInNode({ canonical, url, rawKey }: Input): void {
  const digest = createHash("sha256").update(canonical).digest("hex");
  const mac = createHmac("sha256", rawKey).update(stringToSign(url.date, digest)).digest();
  if (!timingSafeEqual(mac, url.signature)) throw new Error("the peer computes another signature");
}

/** Computes everything that a stage may need from the stages before it. */
async function prepareInput(signedPath: string) {
  const [path, query] = signedPath.split("?", 2) as [string, string];
  const readBody = () => Promise.reject(new Error("the body is not signed"));
  const request = { method: "GET", path, query, headers: new Headers(), readBody };
  const url = parsePresignedUrl(query);
  const scope = scopeOf(url.date);
  const canonical = createCanonicalRequest({ url, request });
  const text = utf8(stringToSign(url.date, await sha256(canonical)));
  const key = await signingKeys(ID, scope, 0, SECRET);
  // verifyUrl and the peer throw at a wrong signature; a stage alone would not notice.
  if (!(await crypto.subtle.verify("HMAC", key, url.signature, text))) throw new Error(signedPath);
  return {
    request,
    query,
    url,
    canonical,
    text,
    key,
    rawKey: createHmac("sha256", `SW1-HMAC-SHA256${SECRET}`).update(scope).digest(),
  };
}

/** The CPU time of one call in microseconds, all threads of this process included. */
async function measure({ atOnce, run }: Case, inputs: Input[], seconds: number) {
  const deadline = performance.now() + seconds * 1000;
  const before = process.cpuUsage();
  let calls = 0;
  while (performance.now() < deadline) {
    for (let i = 0; i < inputs.length; i += atOnce || AT_ONCE) {
      const batch = inputs.slice(i, i + (atOnce || AT_ONCE));
      if (atOnce === 0) for (const input of batch) run(input);
      else await Promise.all(batch.map(run));
    }
    calls += inputs.length;
  }
  const { user, system } = process.cpuUsage(before);
  return (user + system) / calls;
}

export const verify: Scenario = {
  summary: "CPU time of one verification in this process, whole and by stage",
  async run({ rounds, seconds, smoke, log }) {
    const signer = { id: ID, secret: SECRET, upstream: "http://127.0.0.1" };
    const sign = async (index: number) =>
      (await createSignedRequest(itemPath(index), signer)).target;
    const paths = await Promise.all(Array.from({ length: 512 }, (_, index) => sign(index)));
    const inputs = await Promise.all(paths.map(prepareInput));
    const duration = smoke ? 0.01 : seconds / 4;
    for (const one of CASES) await measure(one, inputs, duration);
    const samples = await interleave(rounds, CASES, async (one) => {
      const microseconds = await measure(one, inputs, duration);
      log(`${one.name}: ${microseconds.toFixed(2)} µs`);
      return microseconds;
    });
    const series = CASES.map((one) => ({ name: one.name, samples: { cpu: samples.get(one)! } }));
    return {
      title: "The verification alone",
      text: `In one process, without HTTP; the CPU time of all of its threads counts. ${inputs.length} different signed URLs
without signed headers or body; the derived key is cached. The peer computes the same SHA-256 and HMAC
with \`node:crypto\` and does nothing else: what the cryptography has to cost at least.`,
      quantities: [{ key: "cpu", label: "µs of CPU" }],
      references: [CASES[0]!.name, CASES.at(-1)!.name],
      groups: [{ title: "stage", series }],
    };
  },
};
