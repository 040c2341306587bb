import { PROBLEMS } from "../../../lib/gateway/problem/problems.ts";
import type { Random } from "../../support/random.ts";
import { signedTarget } from "../../support/signed.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { hostCorpus } from "./corpus.ts";
import { type CountingUpstream, KEY, startCountingUpstream } from "./counting_upstream.ts";
import { createTally, type FuzzResult, type Tally } from "./findings.ts";
import { type HostInput, hostInput, randomHostInput } from "./host_input.ts";
import { talk } from "./talk.ts";
import { withGateway } from "./with_gateway.ts";

const CONNECTIONS = 24;
// A gateway's log is kept in memory.
const CASES_A_GATEWAY = 10_000;

const KNOWN: ReadonlySet<number> = new Set([200, 204, ...Object.values(PROBLEMS).map(statusOf)]);

/**
 * Fuzzes the Host headers and the forms of request targets of a started gateway until the deadline, the
 * corpus first. All requests are signed rightly.
 *
 * @param random decides every input
 * @param over whether the time is up
 */
export async function fuzzHostHeaders(random: Random, over: () => boolean): Promise<FuzzResult> {
  const tally = createTally("Host headers");
  const corpus = hostCorpus();
  while (!over() || corpus.length > 0) {
    await using upstream = await startUpstream();
    const args = ["--upstream", upstream.url, "--header", KEY.join(": ")];
    await withGateway(tally, args, async (gateway) => {
      let number = 0;
      const sign = () => signedTarget(gateway.url, upstream.url + number);
      const tryNext = (inputOf: (path: string) => HostInput) => {
        number += 1;
        return tryOne(gateway.port, upstream, { number, ...inputOf(sign()) }, tally);
      };
      for (const text of corpus.splice(0)) {
        await tryNext((path) => hostInput(text.replaceAll("{target}", () => path)));
      }
      const worker = async (): Promise<void> => {
        while (!over() && number < CASES_A_GATEWAY) {
          await tryNext((path) => randomHostInput(random, path));
        }
      };
      await Promise.all(Array.from({ length: CONNECTIONS }, worker));
      const { status } = await signedExchange(gateway, `${upstream.url}${++number}`);
      if (status !== 200) tally.found("an honest request was not answered", status);
    });
    for (const complaint of upstream.complaints) tally.found("at the upstream", complaint);
  }
  return tally.result;
}

async function startUpstream(): Promise<CountingUpstream & AsyncDisposable> {
  const upstream = await startCountingUpstream();
  return { ...upstream, [Symbol.asyncDispose]: upstream.stop };
}

async function tryOne(
  port: number,
  upstream: CountingUpstream,
  { number, bytes, mayPass, mustPass }: HostInput & { number: number },
  tally: Tally,
): Promise<void> {
  tally.begin();
  const { heads, body, complaint, hung } = await talk(port, bytes, { isPatient: mustPass });
  const found = (what: string): void => tally.found(what, bytes.toString("latin1"));
  const statuses = heads.map(({ status }) => status);
  const arrivals = upstream.arrivals(number);
  if (hung) found("neither answered nor closed");
  if (complaint) found(`not an HTTP response: ${complaint}`);
  if (/\bat .*:\d+:\d+|node_modules|\/lib\//.test(body)) found("a stack trace in the response");
  // A client that has gone gets no response to what was forwarded.
  if (arrivals > 0 && heads.length > 0 && !statuses.includes(200))
    found("forwarded, though it was refused");
  if (arrivals > 1) found("forwarded more than once");
  if (arrivals > 0 && !mayPass) found("forwarded with a Host that is none");
  if (arrivals === 0 && mustPass) found(`an honest request got ${statuses.join() || "nothing"}`);
  for (const { status, all } of heads) {
    if (status === 500) found("an internal error");
    else if (!isKnown(status, all("x-sw-problem")[0])) found(`an unknown status: ${status}`);
    tally.count(String(status));
  }
  if (heads.length === 0 && !hung) tally.count("closed without a response");
}

/** The runtime answers 400, 431 and 505 by itself. */
function isKnown(status: number, problem: string | undefined): boolean {
  return problem === undefined ? [200, 204, 400, 431, 505].includes(status) : KNOWN.has(status);
}

function statusOf({ status }: { status: number }): number {
  return status;
}
