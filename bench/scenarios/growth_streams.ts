import { bareBunReadingTwice } from "../peers/bare_bun.ts";
import { direct } from "../peers/direct.ts";
import { nginxPlain } from "../peers/nginx.ts";
import { signway } from "../peers/signway.ts";
import type { Effort, Group, Scenario } from "../scenario.ts";
import { ensurePackages } from "../setup/packages.ts";
import { measureStreams } from "../streams/measure_streams.ts";

const NGINX = nginxPlain("nginx, plain proxy", { workers: 2 });
const READING = bareBunReadingTwice();
const PEERS = [signway("Signway", { flags: ["--workers", "2"] }), NGINX, READING, direct];

const COUNTS = [100, 1000, 5000, 10_000];
const TINY_COUNTS = [10, 20];

/** The events of all streams in a second: their number is the same, so that only that of the streams grows. */
const EVENTS = 10_000;
const TINY_EVENTS = 100;

const TEXT = `Event streams as above: ${EVENTS.toLocaleString("en")} events a second in all, however many streams share them. A stream takes two
descriptors of its gateway, and a process often has no more than 20,000: each gateway has two workers, for all numbers
of streams. *kB a stream* is the memory of both.`;

export const growthStreams: Scenario = {
  summary: "CPU time an event, memory and latency with 100 to 10,000 open event streams",
  async run(effort) {
    ensurePackages();
    const counts = effort.smoke ? TINY_COUNTS : effort.quick ? COUNTS.slice(0, 2) : COUNTS;
    const groups: Group[] = [];
    for (const count of counts) groups.push(await measureGroup(count, effort));
    return {
      title: "Growth: event streams",
      text: TEXT,
      growth: "event streams",
      quantities: [
        { key: "cpu", label: "µs of CPU an event" },
        { key: "memory", label: "kB a stream" },
        { key: "p99", label: "added p99 ms" },
      ],
      references: [NGINX.name, READING.name],
      groups,
    };
  },
};

async function measureGroup(count: number, effort: Effort): Promise<Group> {
  const title = `${count.toLocaleString("en")} event streams`;
  const perSecond = (effort.smoke ? TINY_EVENTS : EVENTS) / count;
  const load = { title, count, perSecond, seconds: effort.seconds };
  const series = await measureStreams(PEERS, load, effort);
  // What a process takes up once says nothing of one stream.
  if (count < 1000) for (const { samples } of series) delete samples["memory"];
  return { title, x: count, series };
}
