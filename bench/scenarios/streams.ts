import { bareBun, bareBunReading } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { nativeFloor } from "../peers/native_floor.ts";
import { nginxPlain } from "../peers/nginx.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { measureStreams, type StreamLoad } from "../streams/measure_streams.ts";

const PEERS = [signway(), nginxPlain(), bareBun(), bareBunReading(), nativeFloor, direct];

/** The number of streams, and the events that each gets in a second: 15 is a fluent LLM. */
interface Load extends Pick<StreamLoad, "count" | "perSecond"> {
  /** How many rounds are measured in place of one. Default: 1. */
  roundsForOne?: number;
}

const LOADS: readonly Load[] = [
  { count: 200, perSecond: 50 },
  { count: 1000, perSecond: 1 },
  { count: 2000, perSecond: 5 },
  { count: 5000, perSecond: 1 },
  // A whole collection comes once in five to eight rounds, and memory doubles until then.
  { count: 1000, perSecond: 15, roundsForOne: 3 },
];
const TINY_LOAD: Load = { count: 20, perSecond: 5 };

const TEXT = `All streams are open at once; their events of about 33 bytes are spread evenly over the second, 15
a second as a fluent LLM's. The streams of all rows stay open while one row after the other gets its events. A lost,
repeated, foreign or late event ends the run. *kB a stream* is resident memory after a round less that before
the first stream; latencies are from the moment before the feed writes to the moment after the client has
read, *added* less those without a gateway in the same round. *first* is the time from a request to its first event, which
the upstream sends at once, less that without a gateway: of 200 streams in a round, which leave with it, four at a time beside those
that stay.
*${nativeFloor.name}* verifies as in the table of small GETs, and reads the bodies.`;

export const streams: Scenario = {
  summary: "CPU time an event, memory and latency of thousands of open event streams",
  async run(effort) {
    ensurePackages();
    const loads = effort.smoke ? [TINY_LOAD] : effort.quick ? LOADS.slice(0, 2) : LOADS;
    const groups: Group[] = [];
    for (const load of loads) groups.push(await measureGroup(load, effort));
    return {
      title: "Event streams",
      text: TEXT,
      quantities: [
        { key: "cpu", label: "µs of CPU an event" },
        { key: "memory", label: "kB a stream" },
        { key: "p50", label: "added p50 ms" },
        { key: "p99", label: "added p99 ms" },
        { key: "firstP50", label: "first p50 ms" },
        { key: "firstP99", label: "first p99 ms" },
      ],
      references: [nginxPlain().name, bareBun().name, bareBunReading().name],
      groups,
    };
  },
};

async function measureGroup(load: Load, effort: Effort): Promise<Group> {
  const { count, perSecond, roundsForOne = 1 } = load;
  const events = `${perSecond} event${perSecond > 1 ? "s" : ""}/s each`;
  const title = `${count.toLocaleString("en")} streams, ${events}`;
  const seconds = effort.smoke ? 1 : effort.seconds + 1;
  return {
    title,
    series: await measureStreams(
      PEERS,
      { title, count, perSecond, seconds },
      { ...effort, rounds: effort.rounds * roundsForOne },
    ),
  };
}
