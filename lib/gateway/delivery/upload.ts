import type { Bytes } from "../body/relay.ts";
import type { UploadEvents } from "../body/request_body.ts";
import { bodyLimit } from "../model/body_limit.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import type { HeadTimer } from "./head_timer.ts";
import type { Transfer } from "./transfer.ts";

/**
 * The body of the outbound request.
 *
 * @param transfer the transfer, which is cancelled when the body exceeds its limit or stalls
 * @param headTimer restarted by every piece of the body
 * @param lifetime how long the exchange may still last, in milliseconds
 * @returns `null` when the method allows no body
 * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`
 */
export function upload(
  transfer: Transfer,
  headTimer: HeadTimer,
  lifetime: number,
): Promise<Bytes> | Bytes | ReadableStream<Bytes> | null {
  return transfer.inbound.body.isSendable ? send(transfer, headTimer, lifetime) : null;
}

function send(
  { inbound: { body }, admission, exchange, cancel }: Transfer,
  headTimer: HeadTimer,
  lifetime: number,
): Promise<Bytes> | Bytes | ReadableStream<Bytes> | null {
  const limit = bodyLimit(admission);
  if ((body.length ?? 0) > limit) throw new GatewayError("body_too_large");
  const events: UploadEvents = {
    onBytes(count) {
      exchange.received(count);
      headTimer.restart();
      if (exchange.record.bytesIn > limit) cancel.abort(new GatewayError("body_too_large"));
    },
    onStall: () => cancel.abort(new GatewayError("request_timeout")),
    onEnd: (callback) => exchange.onEnd(callback),
  };
  return body.send(events, lifetime);
}
