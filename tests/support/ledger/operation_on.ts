import type { Operation, ReserveOperation } from "../../../lib/gateway/ledger/store.ts";
import type { Command } from "./commands.ts";
import type { Held } from "./model_counters.ts";

/** The operation of a command on a reservation that holds something. */
export function operationOn(
  { app, owner, id, demands }: ReserveOperation,
  command: Extract<Command, { kind: "settle" | "release" | "draw" }>,
  held: readonly Held[],
): Operation {
  const on = { app, owner, id };
  if (command.kind === "draw") {
    return { kind: "draw", ...on, demands: demands.filter((one) => one.counter === "bytes") };
  }
  const said = command.says && { receipt: `the end of ${id}` };
  if (command.kind === "release") return { kind: "release", ...on, ...said };
  const report: Record<string, number> = {};
  for (const { kind, amount } of held) report[kind] = Math.floor((amount * command.percent) / 100);
  delete report["uses"];
  delete report["concurrent"];
  return { kind: "settle", ...on, report, ...said };
}
