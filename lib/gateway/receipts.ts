import type { ReserveResponse } from "./held_response.ts";
import { type HoldParts, holdResponse } from "./ledger/hold.ts";
import type { Admission } from "./model/grant.ts";
import type { Exchange } from "./record/exchange.ts";
import { beginReceipt, type ReceiptStart, responseReceipt } from "./record/receipt.ts";

/**
 * Begins the receipt of an exchange.
 *
 * @param parts the clock
 * @param admission of the request
 * @param exchange of the request
 * @returns `undefined` where the app has no receipts
 */
export function receiptOf(
  { now }: HoldParts,
  { grant: { principal, credential } }: Admission,
  exchange: Exchange,
): ReceiptStart | undefined {
  return principal.receipts && beginReceipt(exchange, credential, now());
}

/**
 * Returns what reserves the responses of a WebSocket, each with a receipt of its own.
 *
 * @param parts the ledger and the clock
 * @param admission of the handshake
 * @param exchange of the handshake
 */
export function responseReserver(
  parts: HoldParts,
  admission: Admission,
  exchange: Exchange,
): { reserveResponse: ReserveResponse } {
  const reserveResponse: ReserveResponse = async (bound) => {
    const session = receiptOf(parts, admission, exchange);
    const start = session && { ...session, startedAt: Math.round(parts.now()) };
    const text = start && JSON.stringify(start);
    const reservation = await holdResponse(parts, admission, bound, text);
    if (!start) return { reservation };
    return { reservation, receipt: (reported) => responseReceipt(start, reported, parts.now()) };
  };
  return { reserveResponse };
}
