import type { Admission, Credential } from "../../model/grant.ts";
import type { Endable } from "../../problem/endable.ts";
import { GatewayError } from "../../problem/gateway_error.ts";

/** The part of an exchange's record that tells operators of it while it is open. */
export interface OpenRecord {
  readonly requestId: string;
  readonly method: string;
  readonly subject?: string;
  /** The target, without its query. */
  readonly upstream?: string;
  /** Of the response; 0 until its head is ready. */
  readonly status: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** The part of an exchange that is needed to end it. */
export interface EndableExchange {
  readonly requestId: string;
  /** The record so far. */
  readonly record: OpenRecord;
  /** How long it has lasted, in milliseconds. */
  readonly age: number;
  /** Calls back when it ends. */
  onEnd: (callback: () => void) => void;
}

/** An exchange that is open, and can be ended. */
export class OpenExchange {
  readonly exchange: EndableExchange;
  readonly app: string;
  readonly credential: Credential;
  /** Its place in the list of {@link OpenExchanges}. */
  place = 0;
  #delivery: Endable | undefined;
  #error: GatewayError | undefined;

  /**
   * @param exchange the exchange
   * @param admission its app and its credential
   */
  constructor(exchange: EndableExchange, { grant }: Admission) {
    this.exchange = exchange;
    this.app = grant.principal.id;
    this.credential = grant.credential;
  }

  /**
   * Ends the exchange. One that nothing was sent of yet ends when it is about to be. One that was ended may still be read for
   * its usage, until an operator ends it.
   *
   * @param error the reason
   */
  end(error: GatewayError): void {
    if (this.#error?.code === error.code) return;
    this.#error ??= error;
    this.#delivery?.end(error);
  }

  /**
   * Checks that the exchange, of which nothing was sent yet, may begin.
   *
   * @throws GatewayError when it has to end
   */
  assertOpen(): void {
    if (this.#error) throw this.#error;
  }

  /**
   * From now on the delivery is ended when the exchange has to end.
   *
   * @param delivery ended at once if the exchange already has to end
   */
  endWith(delivery: Endable): void {
    this.#delivery = delivery;
    if (this.#error) delivery.end(this.#error);
  }
}

/** The exchanges of this process that are open. */
export class OpenExchanges {
  readonly #isRevoked: (app: string, credential: Credential) => boolean;
  // An array, because an entry that was deleted from an old Set survives the next garbage collection.
  readonly #open: OpenExchange[] = [];

  /** @param isRevoked whether a credential of an app is revoked */
  constructor(isRevoked: (app: string, credential: Credential) => boolean) {
    this.#isRevoked = isRevoked;
  }

  /** The exchanges. */
  get all(): readonly OpenExchange[] {
    return this.#open;
  }

  /**
   * Registers an exchange until it ends, and only then checks its credential: a revocation in the meantime finds it.
   *
   * @param exchange the exchange
   * @param admission its app and its credential
   * @throws GatewayError `token_revoked`
   */
  register(exchange: EndableExchange, admission: Admission): OpenExchange {
    const opened = new OpenExchange(exchange, admission);
    opened.place = this.#open.push(opened) - 1;
    exchange.onEnd(() => this.#remove(opened));
    if (this.#isRevoked(opened.app, opened.credential)) throw new GatewayError("token_revoked");
    return opened;
  }

  /** Ends the exchanges whose credentials are revoked by now. */
  endRevoked(): void {
    // Those that end leave the list meanwhile.
    for (const opened of [...this.#open]) {
      const { app, credential } = opened;
      if (this.#isRevoked(app, credential)) opened.end(new GatewayError("token_revoked"));
    }
  }

  /**
   * Ends the exchanges with an id.
   *
   * @param requestId the id, which callers may choose and so may give to several
   * @returns how many there were
   */
  end(requestId: string): number {
    const found = this.#open.filter(({ exchange }) => exchange.requestId === requestId);
    for (const opened of found) opened.end(new GatewayError("ended_by_operator"));
    return found.length;
  }

  #remove(opened: OpenExchange): void {
    const last = this.#open.pop();
    if (!last || last === opened) return;
    this.#open[opened.place] = last;
    last.place = opened.place;
  }
}
