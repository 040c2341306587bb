import type { Endable } from "../problem/endable.ts";
import type { GatewayError } from "../problem/gateway_error.ts";

/** Ends an exchange before its upstream does: a limit is reached, or its credential is revoked. */
export class EarlyEnd implements Endable {
  readonly #cancel: AbortController;
  #body: Endable | undefined;

  /** @param cancel ends the exchange while no body is relayed */
  constructor(cancel: AbortController) {
    this.#cancel = cancel;
  }

  /**
   * Ends the exchange. A client that waits for the head of the response gets the error as a response. An event stream of
   * a known API ends in an error that the API's SDKs read. Any other body breaks off.
   *
   * @param error the reason
   */
  end(error: GatewayError): void {
    if (this.#body) this.#body.end(error);
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
}
