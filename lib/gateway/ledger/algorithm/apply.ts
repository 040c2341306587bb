import type { Operation, ResultOf } from "../store.ts";
import { release, settle } from "./close.ts";
import { draw } from "./draw.ts";
import { beat, sweep } from "./leases.ts";
import { read, reset } from "./read.ts";
import { collect } from "./receipts.ts";
import { reserve } from "./reserve.ts";
import type { Moment, Rows } from "./rows.ts";

/**
 * Executes an operation on the rows of its app. It is the whole algorithm of the ledger; stores differ in where
 * the rows are.
 *
 * @param rows of the app that the operation names
 * @param operation what to do
 * @param at the store's time and calendar
 */
export function apply<Of extends Operation>(rows: Rows, operation: Of, at: Moment): ResultOf<Of> {
  return applyAny(rows, operation, at) as ResultOf<Of>;
}

function applyAny(rows: Rows, operation: Operation, at: Moment): ResultOf<Operation> {
  switch (operation.kind) {
    case "reserve":
      return reserve(rows, operation, at);
    case "settle":
      return settle(rows, operation, at);
    case "release":
      return release(rows, operation, at);
    case "draw":
      return draw(rows, operation, at);
    case "beat":
      return beat(rows, operation, at);
    case "sweep":
      return sweep(rows, operation, at);
    case "read":
      return read(rows, operation, at);
    case "reset":
      return reset(rows, operation, at);
    case "collect":
      return collect(rows.receipts, operation, at);
  }
}
