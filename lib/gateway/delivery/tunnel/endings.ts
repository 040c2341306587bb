import { GatewayError } from "../../problem/gateway_error.ts";
import type { Outcome } from "../../record/exchange_record.ts";
import { NO_FRAME, type SocketClose } from "../../socket_end.ts";
import { outcomeOfEnd } from "../abandon.ts";
import type { Transfer } from "../transfer.ts";
import { BROKEN, TOO_BIG } from "./close_codes.ts";

/** How a tunnel ended, for the record. */
export interface Ending {
  outcome: Outcome;
  /** The code that the client got or sent. */
  code: number;
}

/** Which end has closed first, and how. */
export interface FirstClose extends SocketClose {
  by: "client" | "upstream";
}

type Fault = NonNullable<SocketClose["fault"]>;

const TEXTS: Readonly<Record<Fault, string>> = {
  too_big: "a message is too big",
  malformed: "a frame is malformed",
};
const CODES: Readonly<Record<Fault, number>> = { too_big: TOO_BIG, malformed: BROKEN };

/**
 * Returns how a tunnel ends that its client has closed. A fault of the client is noted in the record.
 *
 * @param transfer whose client it is
 * @param close how it was closed
 */
export function endingByClient(
  { exchange, options }: Transfer,
  { code, fault }: SocketClose,
): Ending {
  if (fault) {
    exchange.noted(TEXTS[fault]);
    return { outcome: "refused", code };
  }
  if (code !== NO_FRAME) return { outcome: "complete", code };
  return { outcome: options.phase() === "cutting" ? "gateway_stopped" : "client_gone", code };
}

/**
 * Returns how a tunnel ends that its upstream has closed. A fault of the upstream is noted in the record.
 *
 * @param transfer whose upstream it is
 * @param close how it was closed
 * @returns the ending, and the reason in the client's close frame
 */
export function endingByUpstream(
  { exchange }: Transfer,
  { code, reason, fault }: SocketClose,
): Ending & Pick<SocketClose, "reason"> {
  if (!fault)
    return { outcome: code === NO_FRAME ? "upstream_truncated" : "complete", code, reason };
  exchange.failed("upstream_broken", TEXTS[fault]);
  return { outcome: "upstream_truncated", code: CODES[fault], reason: "upstream_broken" };
}

/**
 * Returns how a tunnel ends when one end does not read what was sent before the other one closed.
 *
 * @param transfer of the tunnel
 * @param first how the other one has closed
 */
export function endingUnread({ exchange }: Transfer, { by, code }: FirstClose): Ending {
  if (by === "upstream") return { outcome: "client_gone", code: NO_FRAME };
  const error = new GatewayError("upstream_timeout", "the last messages were not read");
  exchange.failed(error.code, error.reason);
  return { outcome: outcomeOfEnd(error.code), code };
}
