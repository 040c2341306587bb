import { ByteMeter } from "../body/byte_meter.ts";
import { EventSplitter } from "../body/event_splitter.ts";
import { isEncoded, isEventFrames, isEventStream } from "../body/event_type.ts";
import { FrameSplitter } from "../body/frame_splitter.ts";
import { LimitedReader, type StreamEnd } from "../body/limited_reader.ts";
import type { OpenBody } from "../body/relay.ts";
import type { LedgerReservation } from "../ledger/ledger.ts";
import type { AuthorizedTarget } from "../model/grant.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { type ProblemCode, PROBLEMS } from "../problem/problems.ts";
import { cutPieces } from "../providers/stream_cut.ts";
import type { StallWatch } from "../time/stall_watch.ts";
import { abandon, drainUpstream, outcomeOfEnd } from "./abandon.ts";
import { cutFormOf } from "./cut_form.ts";
import { endsDraining } from "./early_end.ts";
import type { ResponseTransfer } from "./transfer.ts";

/** A body that is about to be relayed. */
export interface RelayedBody {
  body: OpenBody;
  /** The headers of the response. */
  headers: Headers;
  stall: StallWatch;
}

/**
 * Keeps a body within the limits of its exchange, and lets the exchange end it early.
 *
 * @param transfer the transfer, which is cancelled when the body ends early
 * @param relayed the body
 * @returns the body to relay; `undefined` when nothing limits it
 */
export function limitBody(
  transfer: ResponseTransfer,
  { body, headers, stall }: RelayedBody,
): LimitedReader | undefined {
  const { admission, early, reservation, exchange, settlement, options } = transfer;
  if (!early) return undefined;
  const isCounted = reservation !== undefined && reservation.allowance < Infinity;
  const streamEnd = admission && streamEndOf(admission.target, headers);
  // What it ends in may make it longer or shorter.
  if (streamEnd) headers.delete("content-length");
  const limited = new LimitedReader(body, {
    meter: isCounted ? new ByteMeter(reservation) : undefined,
    streamEnd,
    isHeld: () => reservation?.isHeld() ?? true,
    stall,
    timers: options.timers,
    onPass(count) {
      exchange.sent(count);
      settlement?.passed(count);
    },
    onEnd: (error) => stopUpstream(transfer, error, limited.hasBegun),
  });
  early.handOver(limited);
  return limited;
}

/** The most bytes of an event that are held back until all of it has arrived. */
const MAX_EVENT = 8 * 1024 * 1024;

/** How a body ends early, if it is an event stream whose clients read an error in it. */
function streamEndOf(target: AuthorizedTarget, headers: Headers): StreamEnd | undefined {
  if (isEncoded(headers)) return undefined;
  const form = cutFormOf(target);
  const isFrames = form === "bedrock";
  if (!form || !(isFrames ? isEventFrames(headers) : isEventStream(headers))) return undefined;
  return {
    splitter: isFrames ? new FrameSplitter(MAX_EVENT) : new EventSplitter(MAX_EVENT),
    lastPieces: ({ code }) => cutPieces(form, { code, message: textOf(code), status: 403 }),
  };
}

/** How long a client may take to read the end of a response before its place is free, in milliseconds. */
const READ_END_MS = 3000;

function stopUpstream(transfer: ResponseTransfer, error: GatewayError, hasBegun: boolean): void {
  const { exchange, options } = transfer;
  exchange.failed(error.code, error.reason);
  // A client that does not read would keep it as long as it likes.
  const end = () => abandon(transfer, outcomeOfEnd(error.code));
  const timer = options.timers.start(end, READ_END_MS);
  exchange.onEnd(() => options.timers.stop(timer));
  const mayDrain = hasBegun && !endsDraining(error.code);
  if (mayDrain && drainUpstream(transfer)) return;
  transfer.cancel.abort(error);
}

// The texts of the problem table are for requests that were refused before anything was sent.
const TEXTS: Readonly<Partial<Record<ProblemCode, string>>> = {
  bytes_exhausted: "The response ended early: no bytes are left for it.",
  ended_by_operator: "The response ended early: the operator has ended it.",
  ledger_unavailable:
    "The response ended early: the gateway could not reach the store of its limits.",
  token_revoked: "The response ended early: its credential was revoked.",
  upstream_timeout: "The response ended early: it took longer than it may.",
};

function textOf(code: ProblemCode): string {
  return TEXTS[code] ?? PROBLEMS[code].detail;
}

/**
 * Refuses a response before its head is sent, if its body is longer than the bytes that are left.
 *
 * @param transfer the transfer, which is cancelled when the response is refused
 * @param length the length of the body
 * @throws GatewayError `bytes_exhausted`, `ledger_unavailable`
 */
export async function assertBytesLeft(transfer: ResponseTransfer, length: number): Promise<void> {
  const { reservation, cancel } = transfer;
  if (!reservation || length <= reservation.allowance) return;
  // Other requests may have drawn bytes since the reservation.
  const drawn = await drawOrThrow(reservation, cancel);
  if (drawn > 0 && length <= reservation.allowance + reservation.bytesLeft) return;
  cancel.abort();
  throw new GatewayError("bytes_exhausted");
}

/**
 * Draws what a whole body needs.
 *
 * @param transfer the transfer
 * @param length the length of the body, which has arrived
 * @throws GatewayError `bytes_exhausted`, `ledger_unavailable`
 */
export async function allowWhole(transfer: ResponseTransfer, length: number): Promise<void> {
  const { reservation, cancel } = transfer;
  if (!reservation) return;
  while (reservation.allowance < length) {
    if ((await drawOrThrow(reservation, cancel)) === 0) throw new GatewayError("bytes_exhausted");
  }
  if (!reservation.isHeld()) throw new GatewayError("ledger_unavailable", "the lease was lost");
}

async function drawOrThrow(reservation: LedgerReservation, cancel: AbortController) {
  try {
    return await reservation.draw();
  } catch {
    cancel.abort();
    throw new GatewayError("ledger_unavailable", "no bytes could be drawn");
  }
}
