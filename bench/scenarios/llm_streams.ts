import {
  type AnswerCost,
  type AnswerLoad,
  measureAnswers,
  openAnswers,
  type OpenAnswers,
} from "../answers/open_answers.ts";
import { CHAT_PATH } from "../load/chat_requests.ts";
import { interleave } from "../measure/statistics.ts";
import { bareBun } from "../peers/bare_bun.ts";
import { configWithBudgets } from "../peers/budgets.ts";
import { direct } from "../peers/direct.ts";
import { groupByKey } from "../peers/fleet.ts";
import { litellm, LITELLM_VERSION } from "../peers/litellm.ts";
import { nativeFloor } from "../peers/native_floor.ts";
import { nginxPlain } from "../peers/nginx.ts";
import type { Peer } from "../peers/peer.ts";
import { portkey } from "../peers/portkey.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario, Series } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { startRedis } from "../setup/redis.ts";

/** A load, and how long it is measured. */
interface MeasuredLoad extends AnswerLoad {
  /** The seconds of a round: more when few answers begin in a second, of which 99 of 100 have to be told from the last one. */
  seconds: number;
}

const LOADS: readonly MeasuredLoad[] = [
  { count: 200, length: 200, perSecond: 50, seconds: 6 },
  { count: 500, length: 200, perSecond: 50, seconds: 1 },
  // The most work for a gateway: 20,000 events a second instead of 25,000, but four times the requests.
  { count: 2000, length: 40, perSecond: 10, seconds: 2 },
];
const TINY_LOAD: MeasuredLoad = { count: 20, length: 4, perSecond: 4, seconds: 1 };

// Compilers first have to see what is hot: requests, and then events.
const WARM_UP_MS = 1500;
const WARM_UP_SECONDS = 1;

const NGINX = nginxPlain("nginx, plain proxy", { isBuffering: false });

const TEXT = `\`POST ${CHAT_PATH}\` with a prompt of 1 kB and \`stream: true\`. The provider answers with OpenAI's events of
about 290 bytes: the first at once, the others at an even pace, at last \`[DONE]\`. Each caller asks again as soon as its answer
is complete, on the same connection, so that answers begin and end all the time. Everybody's answers stand still while
another row is measured. A lost, repeated or foreign event ends the run, and so does a request without the right key.
An answer that takes four seconds has 200 events at 50 a second; of 2,000 such answers these two processors cannot
even carry the events from the provider to the callers, so those are shorter. *First event* is the time from a request to its
first event, *added* is that less the same without a gateway in the same round; *MiB* is the resident memory with all answers
open. Signway writes its access log, as by default; *budgets in Redis* counts as in the table above and edits each
request, so that the provider reports the tokens. Portkey's gateway waits 25 ms before it passes the first event on.
LiteLLM is ${LITELLM_VERSION}. A row that *fell behind* could not carry the events in time: its figures are of one
measurement until all had arrived, and it is not in the tables of heavier loads. A CPU time of the provider, the callers and
Redis is nowhere included.`;

export const llmStreams: Scenario = {
  summary: "CPU time, first event and memory of streamed chat completions, beside other gateways",
  async run(effort) {
    ensurePackages();
    await using stack = new AsyncDisposableStack();
    let peers = await createPeers(effort, stack);
    const groups: Group[] = [];
    const loads = effort.smoke ? [TINY_LOAD] : effort.quick ? [LOADS[0]!, LOADS[2]!] : LOADS;
    for (const load of loads) {
      const { group, unable } = await measureGroup(load, peers, effort);
      groups.push(group);
      peers = peers.filter((peer) => !unable.includes(peer));
    }
    return {
      title: "Streamed chat completions",
      text: TEXT,
      quantities: [
        { key: "cpu", label: "ms of CPU an answer" },
        { key: "p50", label: "first event p50 ms" },
        { key: "p99", label: "p99 ms" },
        { key: "addedP50", label: "added p50 ms" },
        { key: "addedP99", label: "added p99 ms" },
        { key: "memory", label: "MiB" },
        { key: "rate", label: "answers/s" },
      ],
      references: [portkey.name, NGINX.name, bareBun().name, nativeFloor.name],
      groups,
    };
  },
};

async function createPeers({ smoke }: Effort, stack: AsyncDisposableStack): Promise<Peer[]> {
  const { port: redisPort } = await startRedis(stack);
  return [
    signway(),
    signway("Signway, budgets in Redis", { createConfig: configWithBudgets(redisPort) }),
    portkey,
    // It takes minutes to install, so a smoke run leaves it out.
    ...(smoke ? [] : [litellm()]),
    NGINX,
    bareBun(),
    nativeFloor,
    direct,
  ];
}

/** Measures all peers under one load. A peer that is late in the warm-up is measured no further. */
async function measureGroup(load: MeasuredLoad, peers: readonly Peer[], effort: Effort) {
  const { count, length, perSecond, seconds } = load;
  const title = `${count.toLocaleString("en")} at once, ${length} events each, ${perSecond} a second`;
  const measure = async (one: OpenAnswers, seconds: number) => {
    const cost = await measureAnswers(one, seconds);
    const { name } = one.member.peer;
    effort.log(`${title} | ${name}: ${cost.cpu.toFixed(2)} ms, first ${cost.p50.toFixed(2)} ms`);
    return cost;
  };
  await using stack = new AsyncDisposableStack();
  const punctual: OpenAnswers[] = [];
  const late = new Map<Peer, AnswerCost[]>();
  for (const peer of peers) {
    const own = stack.use(new AsyncDisposableStack());
    const one = await openAnswers(peer, load, effort.smoke ? 0 : WARM_UP_MS, own);
    const cost = effort.smoke ? undefined : await measure(one, WARM_UP_SECONDS);
    if (cost?.isLate) {
      late.set(peer, [cost]);
      await own.disposeAsync();
    } else {
      punctual.push(one);
    }
  }
  const samples = await interleave(effort.rounds, punctual, (one) => measure(one, seconds));
  const rows = [...samples].map(([{ member }, costs]) => [member.peer, costs] as const);
  // When even the callers were late at the provider, the others were no later than the machine.
  const unable = late.has(direct) ? [] : [...late.keys()];
  return { group: { title, series: createSeries([...rows, ...late]) }, unable };
}

/** The samples of all peers, with the latencies less those without a gateway. */
function createSeries(rows: readonly (readonly [Peer, AnswerCost[]])[]): Series[] {
  const isLate = (costs: AnswerCost[]) => costs.every((cost) => cost.isLate);
  const base = rows.find(([peer, costs]) => peer === direct && !isLate(costs))?.[1] ?? [];
  return rows.map(([{ name }, costs]) => {
    const { p50, p99, ...others } = groupByKey(costs.map(({ isLate: _, ...rest }) => rest));
    // The latencies of a queue that grows say nothing.
    if (isLate(costs)) {
      return { name, samples: others, notes: { p50: "fell behind" } };
    }
    const added = name !== direct.name && {
      addedP50: subtract(
        p50!,
        base.map((one) => one.p50),
      ),
      addedP99: subtract(
        p99!,
        base.map((one) => one.p99),
      ),
    };
    return { name, samples: { ...others, p50: p50!, p99: p99!, ...added } };
  });
}

/** The differences of the rounds, as far as both were measured. */
function subtract(values: readonly number[], less: readonly number[]): number[] {
  return less.map((value, round) => values[round]! - value);
}
