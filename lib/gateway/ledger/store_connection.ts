import type { SyncReply, SyncRequest } from "./revocation/revocation_store.ts";
import type { Operation, ResultOf } from "./store.ts";

/** The result of an operation that was executed in another process; `null`: whether it was executed is unknown. */
export type Reply = ResultOf<Operation> | null;

/** The store as one worker process reaches it. */
export interface StoreConnection {
  /**
   * Executes operations in their order.
   *
   * @param operations of one turn of the worker's event loop
   * @returns a reply to each of them
   */
  run: (operations: readonly Operation[]) => Promise<Reply[]>;
  /**
   * Adds revocations, and returns what has changed.
   *
   * @param request of the worker
   * @returns `null` when the store cannot be reached
   */
  revocations: (request: SyncRequest) => Promise<SyncReply | null>;
  /**
   * Ends the connection, because the worker has ended. What it had reserved is charged, and its places are free at
   * once.
   *
   * @returns the number of reservations that were charged
   */
  close: () => Promise<number>;
}
