import { delayTargets, FLOOR } from "./delay_targets.ts";
import type { Target } from "./target.ts";

const GROUPS = [
  "200 at once, 200 events each, 50 a second",
  "2,000 at once, 40 events each, 10 a second",
];

const GATEWAYS = ["Portkey's gateway", "LiteLLM's proxy"];

const DELAYS = [
  { key: "addedP50", text: "Added to the first event of a completion, median", atMost: 0.6 },
  { key: "addedP99", text: "Added to the first event of a completion, 99 of 100", atMost: 5 },
];

/** The targets of the scenarios `llm` and `llm_streams`. */
export const ANSWER_TARGETS: readonly Target[] = [
  {
    scenario: "llm",
    group: "32 connections",
    key: "rate",
    text: "Chat completions a second ÷ Portkey's gateway",
    row: "Signway",
    by: { row: "Portkey's gateway" },
    atLeast: 20,
    orFloor: FLOOR,
  },
  {
    scenario: "llm",
    group: "32 connections",
    key: "rate",
    text: "Chat completions a second by native operations alone ÷ Portkey's gateway",
    row: FLOOR,
    by: { row: "Portkey's gateway" },
    isFloor: true,
  },
  ...GATEWAYS.map((row) => ({
    scenario: "llm_streams",
    group: GROUPS[0]!,
    key: "cpu",
    text: `CPU of a streamed completion (${GROUPS[0]}) ÷ ${row}`,
    row: "Signway",
    by: { row },
    atMost: 1,
  })),
  ...GROUPS.flatMap((group) =>
    DELAYS.flatMap((delay) => delayTargets({ scenario: "llm_streams", group }, delay)),
  ),
];
