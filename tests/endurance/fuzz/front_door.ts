import type { Random } from "../../support/random.ts";
import type { Gateway } from "../../support/gateway.ts";
import { signedTarget } from "../../support/signed.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { frontDoorCorpus } from "./corpus.ts";
import { type CountingUpstream, KEY, startCountingUpstream } from "./counting_upstream.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { type HttpInput, randomInput } from "./http_input.ts";
import { talk } from "./talk.ts";
import { withGateway } from "./with_gateway.ts";

const CONNECTIONS = 24;
// A gateway's log is kept in memory until it is counted.
const CASES_A_GATEWAY = 10_000;

const NOT_FORWARDED: ReadonlySet<unknown> = new Set(["refused", "preflight", "internal_error"]);

/**
 * Fuzzes a started gateway with raw bytes until the deadline, the corpus first.
 *
 * @param random decides every input
 * @param over whether the time is up
 */
export async function fuzzFrontDoor(random: Random, over: () => boolean): Promise<FuzzResult> {
  const tally = createTally("the gateway's socket");
  let isFirst = true;
  while (!over() || isFirst) {
    await withUpstream(tally, async (gateway, upstream) => {
      let number = 0;
      const nextCase = (): number => ++number;
      const to = { gateway: gateway.url, upstream: upstream.url };
      if (isFirst) {
        for (const input of corpusInputs(nextCase, to))
          await tryOne(gateway, upstream, input, tally);
      }
      isFirst = false;
      const worker = async (): Promise<void> => {
        while (!over() && number < CASES_A_GATEWAY) {
          await tryOne(gateway, upstream, randomInput(random, nextCase, to), tally);
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
      // A plain request after all that, from a client that waits for its answer.
      const { status } = await signedExchange(gateway, `${to.upstream}${nextCase()}`);
      if (status !== 200) tally.found("an honest request was not answered", status);
    });
  }
  return tally.result;
}

async function withUpstream(
  tally: Tally,
  use: (gateway: Gateway, upstream: CountingUpstream) => Promise<void>,
): Promise<void> {
  const upstream = await startCountingUpstream();
  try {
    const args = ["--upstream", upstream.url, "--header", KEY.join(": ")];
    const { records } = await withGateway(tally, args, (gateway) => use(gateway, upstream));
    const accepted = records().filter(({ outcome }) => !NOT_FORWARDED.has(outcome)).length;
    if (upstream.total() > accepted) {
      tally.found(`${upstream.total()} requests arrived, ${accepted} were accepted`, "");
    }
    for (const complaint of upstream.complaints) tally.found("at the upstream", complaint);
  } finally {
    await upstream.stop();
  }
}

function* corpusInputs(
  nextCase: () => number,
  to: { gateway: string; upstream: string },
): Generator<HttpInput> {
  for (const { method, bytes } of frontDoorCorpus()) {
    const number = nextCase();
    const target = signedTarget(to.gateway, `${to.upstream}${number}`, { method });
    const text = bytes.replaceAll("{target}", () => target);
    yield { bytes: Buffer.from(text, "latin1"), cases: [number] };
  }
}

async function tryOne(
  gateway: Gateway,
  upstream: CountingUpstream,
  { bytes, cases }: HttpInput,
  tally: Tally,
): Promise<void> {
  tally.begin();
  const { heads, body, complaint, hung } = await talk(gateway.port, bytes);
  const input = bytes.toString("latin1");
  const found = (what: string): void => tally.found(what, input);
  if (hung) found("neither answered nor closed");
  // A response to HEAD names the length of a body that does not follow.
  if (complaint && !/\bHEAD /.test(input)) found(`not an HTTP answer: ${complaint}`);
  if (/\bat .*:\d+:\d+|node_modules|\/lib\//.test(body)) found("a stack trace in the answer");
  for (const number of cases) {
    if (upstream.arrivals(number) > 1) found("forwarded more than once");
  }
  for (const { status, all } of heads) {
    const isOurs = cases.includes(Number(all("x-case")[0]));
    if (status === 200 && !isOurs) found("an answer of another case");
    if (status >= 200 && status < 400 && status !== 200 && status !== 204)
      found(`status ${status}`);
    if (status === 500) found("an internal error");
    tally.count(String(status));
  }
  if (heads.length === 0 && !hung) tally.count("closed without an answer");
}
