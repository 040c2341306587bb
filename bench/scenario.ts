import type { Section } from "./report.ts";

/** How long to measure. */
export interface Effort {
  /** How often each case is measured. */
  rounds: number;
  /** How long a measurement of a server takes, in seconds. */
  seconds: number;
  /** Where progress goes, a line at a time. */
  log: (line: string) => void;
}

/** One thing that is measured, beside its peers. */
export interface Scenario {
  /** One line for the list of scenarios. */
  summary: string;
  run(effort: Effort): Promise<Section>;
}
