import { join } from "node:path";
import { assertCorrect } from "../load/correctness.ts";
import { writeRequests } from "../load/requests.ts";
import { itemPath, signItemRequests } from "../load/signed_request.ts";
import { freePort } from "../../tests/support/free_port.ts";
import { type Case, groupCases, measureCosts, REQUEST_COST, startFleet } from "../peers/fleet.ts";
import type { Peer } from "../peers/peer.ts";
import { NO_LOG, signway, type SignwayOptions } from "../peers/signway.ts";
import type { Scenario } from "../scenario.ts";
import { startTestBed } from "../setup/test_bed.ts";
import {
  type CaseByTurns,
  measurePart,
  MORE,
  SECONDS,
  withTurns,
} from "../part_cost/measure_part.ts";
import { TURN_MS } from "../part_cost/turn.ts";

const REQUESTS = 2000;
const CONNECTIONS = 32;
const SHARE = "0.1";
const OFF = "neither";
const METRICS = "metrics for Prometheus";
const BOTH = "metrics, and OTLP with 10 % of the traces";

export const telemetry: Scenario = {
  summary: "CPU time that metrics and OTLP add to a small signed GET",
  async run(effort) {
    await using stack = new AsyncDisposableStack();
    const { folder, setup, upstream } = await startTestBed(itemPath(0), stack);
    const all = await signItemRequests(REQUESTS, setup);
    const cases: Case[] = [];
    const byTurns: CaseByTurns[] = [];
    const requests = await writeRequests(join(folder, "requests"), all);
    for (const [peer, turns] of await createPeers(folder, stack)) {
      if (effort.quick && peer.name === `${METRICS}, by turns`) continue;
      const [member] = await startFleet([peer], setup, stack);
      await assertCorrect(member!, all[7]!, {});
      const group = `${CONNECTIONS} connections, no access log`;
      const one = { member: member!, group, load: { requests, connections: CONNECTIONS } };
      if (turns === undefined) cases.push(one);
      else byTurns.push({ ...one, turns });
    }
    const costs = await measureCosts(cases, upstream, effort);
    const parts = await measurePart(byTurns, effort);
    return {
      title: "Telemetry",
      text: `${REQUESTS} different signed URLs over keep-alive connections, as in the table of small GETs. The collector of OTLP takes
everything at once. Two processes of the same program differ by more than telemetry takes, so its cost is measured within one
process. For turns of ${TURN_MS} ms, in random order, the process does what telemetry needs for a request, or leaves it out. A round has
${SECONDS} seconds. *The part* is the difference between both kinds of turns.`,
      quantities: [...REQUEST_COST, MORE],
      references: [OFF],
      groups: groupCases(new Map([...costs, ...parts])),
    };
  },
};

/** The peers, and the files of those that do what telemetry needs by turns. */
async function createPeers(
  folder: string,
  stack: AsyncDisposableStack,
): Promise<(readonly [peer: Peer, turns?: string])[]> {
  const collector = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch: async (request) => new Response((await request.bytes()).length > 0 ? "" : "empty"),
  });
  stack.defer(() => collector.stop(true));
  const otlp = {
    OTEL_EXPORTER_OTLP_ENDPOINT: collector.url.origin,
    OTEL_TRACES_SAMPLER: "parentbased_traceidratio",
    OTEL_TRACES_SAMPLER_ARG: SHARE,
  };
  const peer = async (name: string, options: SignwayOptions) =>
    signway(name, { flags: [...NO_LOG, "--admin", `127.0.0.1:${await freePort()}`], ...options });
  const byTurns = async (name: string, env: Record<string, string>) => {
    const turns = join(folder, `turns of ${name}`);
    const options = withTurns("telemetry_part.ts", turns);
    const both = { ...options, env: { ...env, ...options.env } };
    return [await peer(`${name}, by turns`, both), turns] as const;
  };
  return [
    [signway(OFF, { flags: NO_LOG })],
    [await peer(METRICS, {})],
    [await peer(BOTH, { env: otlp })],
    await byTurns(METRICS, {}),
    await byTurns(BOTH, otlp),
  ];
}
