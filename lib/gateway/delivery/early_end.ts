import type { Endable } from "../problem/endable.ts";
import type { GatewayError } from "../problem/gateway_error.ts";
import type { ProblemCode } from "../problem/problems.ts";

/**
 * Whether the upstream of an exchange that ends early must not be read any further, even for its usage. An exchange without a
 * place must not be open at the provider, and an operator ends all of it. Limits and revocations end only what the client gets.
 *
 * @param code why it ends
 */
export function endsDraining(code: ProblemCode): boolean {
  return code === "ended_by_operator" || code === "ledger_unavailable";
}

/** Ends an exchange before its upstream does: a limit is reached, or its credential is revoked. */
export class EarlyEnd implements Endable {
  readonly #cancel: AbortController;
  #body: Endable | undefined;
  #isDraining = false;

  /** @param cancel ends the exchange while no body is relayed */
  constructor(cancel: AbortController) {
    this.#cancel = cancel;
  }

  /**
   * Ends the exchange. A client that waits for the head of the response gets the error as a response. An event stream of
   * a known API ends in an error that the API's SDKs read. Any other body breaks off. An upstream that is read without a
   * client is no longer read if an operator ends it, or its place is lost.
   *
   * @param error the reason
   */
  end(error: GatewayError): void {
    if (this.#isDraining && !endsDraining(error.code)) return;
    if (this.#body && !this.#isDraining) this.#body.end(error);
    else this.#cancel.abort(error);
  }

  /**
   * From now on the body ends the exchange.
   *
   * @param body what is relayed
   */
  handOver(body: Endable): void {
    this.#body = body;
  }

  /** From now on the upstream is read without the client. */
  drain(): void {
    this.#isDraining = true;
  }
}
