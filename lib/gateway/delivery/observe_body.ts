import type { LimitedReader } from "../body/limited_reader.ts";
import type { Bytes, RelayEvents } from "../body/relay.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import { abandon, outcomeOfEnd, outcomeOfLeaving } from "./abandon.ts";
import type { EndableTransfer, ResponseTransfer } from "./transfer.ts";

/** A body that is relayed. */
export interface ObservedBody {
  /** The status of the response. */
  status: number;
  /** Watches the upstream. */
  stall: StallWatch;
  /** The body, if it has limits. It records the bytes itself, and may end early. */
  limited?: LimitedReader | undefined;
}

/**
 * Creates the callbacks that record the head, the bytes and the end of a response.
 *
 * @param transfer the transfer, which is cancelled when the client leaves
 * @param body what is relayed
 */
export function observeBody(transfer: ResponseTransfer, body: ObservedBody): RelayEvents {
  return new BodyEvents(transfer, body);
}

// Thousands of streams are open for minutes, and keep what this keeps.
class BodyEvents implements RelayEvents {
  readonly #transfer: EndableTransfer;
  readonly #request: Request;
  readonly #stall: StallWatch;
  readonly #limited: LimitedReader | undefined;
  readonly #status: number;

  constructor(transfer: ResponseTransfer, { status, stall, limited }: ObservedBody) {
    const { exchange, settlement, early, cancel, options, inbound } = transfer;
    this.#transfer = { exchange, settlement, early, cancel, options };
    this.#request = inbound.request;
    this.#stall = stall;
    this.#limited = limited;
    this.#status = status;
  }

  // The body may end before the code that waits for its first piece goes on.
  onStart(): void {
    this.#transfer.exchange.headReady(this.#status);
  }

  onWait(): void {
    if (!this.#limited) this.#stall.wait();
  }

  onChunk(chunk: Bytes): void {
    if (this.#limited) return;
    this.#stall.arrived();
    this.#transfer.exchange.sent(chunk.length);
  }

  onEnd(): void {
    this.#stall.stop();
    const { error } = this.#limited ?? {};
    if (error) abandon(this.#transfer, outcomeOfEnd(error.code));
    else this.#transfer.exchange.end("complete");
  }

  onError(): Error {
    this.#stall.stop();
    const transfer = this.#transfer;
    const { exchange, cancel } = transfer;
    const { error } = this.#limited ?? {};
    if (error) {
      abandon(transfer, outcomeOfEnd(error.code));
      return new Error("the exchange ended early");
    }
    const { reason } = cancel.signal;
    if (reason instanceof GatewayError) exchange.failed(reason.code);
    const hasLeft = this.#request.signal.aborted;
    exchange.end(hasLeft ? outcomeOfLeaving(transfer) : "upstream_truncated");
    // The upstream goes on if its body could not be read here.
    cancel.abort();
    return new Error("the upstream's body ended early");
  }

  onCancel(): void {
    this.#stall.stop();
    abandon(this.#transfer, outcomeOfLeaving(this.#transfer));
  }
}
