import { delayTargets } from "./delay_targets.ts";
import type { Target } from "./target.ts";

const LOADS = [
  "1,000 streams, 1 event/s each",
  "5,000 streams, 1 event/s each",
  "1,000 streams, 15 events/s each",
];
const DELAYED = ["200 streams, 50 events/s each", "2,000 streams, 5 events/s each"];

const NGINX = { row: "nginx, plain proxy" };
const READING = { row: "bare Bun, bodies read" };

/** What is compared with a server that reads the same bodies, and with nginx to show what reading them costs. */
const COSTS = [
  { key: "cpu", text: "CPU of an event", atMost: 1.1 },
  { key: "memory", text: "Memory of a stream", atMost: 1.05 },
];

const DELAYS = [
  { key: "p50", text: "Added to an event's delay, median", atMost: 0.6 },
  { key: "p99", text: "Added to an event's delay, 99 of 100", atMost: 5 },
  { key: "firstP50", text: "Added to the first event, median", atMost: 0.6 },
  { key: "firstP99", text: "Added to the first event, 99 of 100", atMost: 5 },
];

/** The targets of the scenario `streams`. */
export const STREAM_TARGETS: readonly Target[] = [
  ...LOADS.flatMap((group) => COSTS.flatMap((cost) => costsOf(group, cost))),
  ...DELAYED.flatMap((group) =>
    DELAYS.flatMap((delay) => delayTargets({ scenario: "streams", group }, delay)),
  ),
];

function costsOf(group: string, { key, text, atMost }: (typeof COSTS)[number]): Target[] {
  const measured = { scenario: "streams", group, key };
  return [
    {
      ...measured,
      text: `${text} (${group}) ÷ bare Bun, bodies read`,
      row: "Signway",
      by: READING,
      atMost,
    },
    {
      ...measured,
      ...READING,
      text: `${text} that bare Bun reads (${group}) ÷ nginx`,
      by: NGINX,
      isFloor: true,
    },
  ];
}
