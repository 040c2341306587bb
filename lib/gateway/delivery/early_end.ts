import type { GatewayError } from "../problem/gateway_error.ts";

/** Ends an exchange before its upstream does: a limit is reached, or its credential is revoked. */
export class EarlyEnd {
  #end: (error: GatewayError) => void;

  /** @param end ends the exchange while no body is relayed */
  constructor(end: (error: GatewayError) => void) {
    this.#end = end;
  }

  /**
   * Ends the exchange. A client that waits for the head of the response gets the error as a response. An event stream of
   * a known API ends in an error that the API's SDKs read. Any other body breaks off.
   *
   * @param error the reason
   */
  end(error: GatewayError): void {
    this.#end(error);
  }

  /**
   * From now on something else ends the exchange.
   *
   * @param end ends it
   */
  handOver(end: (error: GatewayError) => void): void {
    this.#end = end;
  }
}
