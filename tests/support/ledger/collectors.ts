import type { ReceiptKey } from "../../../lib/gateway/ledger/receipt.ts";
import type { Collected, Operation } from "../../../lib/gateway/ledger/store.ts";
import type { Command } from "./commands.ts";

/** Processes that collect receipts, and what they have delivered. */
export class Collectors {
  readonly #delivered = new Map<string, readonly ReceiptKey[]>();

  operation(command: Extract<Command, { kind: "collect" }>): Operation {
    const app = `app ${command.app}`;
    const sender = `sender ${command.sender}`;
    const delivered = command.confirms ? (this.#delivered.get(`${app} ${sender}`) ?? []) : [];
    const operation: Operation = { kind: "collect", app, sender, delivered };
    return command.isLast ? { ...operation, isLast: true } : operation;
  }

  collected(operation: Operation, result: unknown): void {
    if (operation.kind !== "collect") return;
    const { receipts } = result as Collected;
    const keys = receipts.map(({ id, revision }) => ({ id, revision }));
    this.#delivered.set(`${operation.app} ${operation.sender}`, keys);
  }
}
