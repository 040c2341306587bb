import { ok } from "node:assert/strict";

/** An exchange as the provider sees it. */
export interface Served {
  /** The token of the caller. */
  token: string;
  /** The most that it can be billed: what was sent, and the output cap. */
  bound: number;
  isOpen: boolean;
  billed: number;
}

/** A provider that keeps its own bill, and a list of what is open. */
export class Provider {
  readonly #served = new Map<string, Served[]>();

  open(token: string, bound: number): Served {
    const served = { token, bound, isOpen: true, billed: 0 };
    this.#served.set(token, [...(this.#served.get(token) ?? []), served]);
    return served;
  }

  /** Ends an exchange: complete, or because its connection broke. It bills what it likes within the bound. */
  close(served: Served, amount: number): void {
    if (!served.isOpen) return;
    ok(amount <= served.bound);
    served.isOpen = false;
    served.billed = amount;
  }

  /** The bill of a token, with everything that is open at its worst. */
  worstBill(token: string): number {
    return this.of(token).reduce(
      (sum, { isOpen, bound, billed }) => sum + (isOpen ? bound : billed),
      0,
    );
  }

  of(token: string): readonly Served[] {
    return this.#served.get(token) ?? [];
  }

  tokens(): string[] {
    return [...this.#served.keys()];
  }
}
