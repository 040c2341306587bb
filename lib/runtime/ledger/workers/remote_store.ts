import type { LedgerStore, Operation, ResultOf } from "../../../gateway/ledger/store.ts";
import type { Reply } from "../../../gateway/ledger/store_connection.ts";

/**
 * Sends operations to the process that has the store. It resolves to `undefined` when no answer comes, and must not
 * reject.
 */
export type SendOperations = (operations: readonly Operation[]) => Promise<Reply[] | undefined>;

/** An operation that waits for its reply. */
interface Waiting {
  operation: Operation;
  resolve: (result: ResultOf<Operation>) => void;
  reject: (error: Error) => void;
}

// A longer message would delay others of the channel.
const AT_ONCE = 500;

/** A store in another process. The operations of one turn of the event loop are one message. */
export class RemoteStore implements LedgerStore {
  readonly #send: SendOperations;
  #queue: Waiting[] = [];

  /** @param send sends operations to the other process */
  constructor(send: SendOperations) {
    this.#send = send;
  }

  run<Of extends Operation>(operation: Of): Promise<ResultOf<Of>> {
    return new Promise<ResultOf<Operation>>((resolve, reject) => {
      const size = this.#queue.push({ operation, resolve, reject });
      if (size === 1) setImmediate(() => this.#flush());
    }) as Promise<ResultOf<Of>>;
  }

  #flush(): void {
    while (this.#queue.length > 0) void this.#exchange(this.#queue.splice(0, AT_ONCE));
  }

  async #exchange(batch: readonly Waiting[]): Promise<void> {
    const replies = await this.#send(batch.map(({ operation }) => operation));
    for (const [index, { resolve, reject }] of batch.entries()) {
      const reply = replies?.[index];
      if (reply === undefined || reply === null) reject(new Error("the ledger did not answer"));
      else resolve(reply);
    }
  }
}
