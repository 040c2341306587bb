import type { Table } from "../report.ts";
import type { Received } from "./clients.ts";

/** What a peer's streams cost; NaN where it has no process. */
export interface StreamsCost {
  name: string;
  received: Received;
  /** Bytes. */
  memoryPerStream: number;
  /** Seconds. */
  cpuPerEvent: number;
}

/** A table of what streams cost; the first row is the one without a gateway. */
export function streamsTable(costs: readonly StreamsCost[]): Table {
  const reference = costs[0]!.received;
  return {
    columns: [
      "",
      "events",
      "lost",
      "kB a stream",
      "µs of CPU an event",
      "p50 ms",
      "p99 ms",
      "added p50",
      "added p99",
    ],
    rows: costs.map(({ name, received, memoryPerStream, cpuPerEvent }, index) => [
      name,
      `${received.events}`,
      `${received.lost}`,
      format(memoryPerStream / 1024, 1),
      format(cpuPerEvent * 1e6, 1),
      format(received.p50Ms, 2),
      format(received.p99Ms, 2),
      format(index === 0 ? Number.NaN : received.p50Ms - reference.p50Ms, 2),
      format(index === 0 ? Number.NaN : received.p99Ms - reference.p99Ms, 2),
    ]),
  };
}

function format(value: number, digits: number): string {
  return Number.isNaN(value) ? "–" : value.toFixed(digits);
}
