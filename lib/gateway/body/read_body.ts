import { GatewayError } from "../problem/gateway_error.ts";
import { watchForStall } from "../time/stall_watch.ts";
import type { TimerWheel } from "../time/timer_wheel.ts";
import { GrowingBuffer } from "./growing_buffer.ts";
import { contentLength, SMALL_BODY } from "./message_length.ts";
import type { Bytes } from "./relay.ts";

// Pieces of a client in a hurry are larger.
const SMALL_PIECE = 4096;

/** How slow a client may be while it sends a body. */
export interface UploadPace {
  /** Seconds that it may stall, or, plus a second for each kB, take in all for a small body; 0 = no limit. */
  idleTimeout: number;
  timers: TimerWheel;
}

/**
 * Reads a whole body.
 *
 * @param request whose body nobody has read
 * @param limit the largest body that is accepted, in bytes
 * @param pace how slow the client may be
 * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`
 */
export function readBody(request: Request, limit: number, pace: UploadPace): Promise<Bytes> {
  const length = contentLength(request.headers);
  if (length !== undefined && length > limit) {
    return Promise.reject(new GatewayError("body_too_large"));
  }
  if (length !== undefined && length <= SMALL_BODY) return readAtOnce(request, length, pace);
  if (!request.body) return Promise.resolve(new Uint8Array());
  return readPieces(request.body, limit, pace);
}

async function readPieces(
  body: ReadableStream<Bytes>,
  limit: number,
  { idleTimeout, timers }: UploadPace,
): Promise<Bytes> {
  const reader = body.getReader();
  let failure: GatewayError | undefined;
  const stall = watchForStall(timers, idleTimeout, () => {
    failure = new GatewayError("request_timeout");
    void reader.cancel();
  });
  const buffer = new GrowingBuffer(limit);
  try {
    for (;;) {
      stall.wait();
      const { done, value } = await reader.read();
      stall.arrived();
      if (failure) throw failure;
      if (done) return buffer.bytes();
      if (buffer.size + value.length > limit) {
        void reader.cancel();
        throw new GatewayError("body_too_large");
      }
      buffer.append(value);
      if (value.length < SMALL_PIECE) await nextTurn();
    }
  } catch (error) {
    throw error instanceof GatewayError ? error : new GatewayError("request_malformed", "cut body");
  } finally {
    stall.stop();
  }
}

// Without a stream a request costs a quarter less. There is then no sign of how far the body has come,
// so it may take the time of a stall and, for slow connections, a second for each kB.
function readAtOnce(
  request: Request,
  length: number,
  { idleTimeout, timers }: UploadPace,
): Promise<Bytes> {
  return new Promise((resolve, reject) => {
    const late = () => reject(new GatewayError("request_timeout"));
    const timer = idleTimeout > 0 ? timers.start(late, idleTimeout * 1000 + length) : undefined;
    const settle = (body?: Bytes) => {
      timers.stop(timer);
      // In HTTP/2 a body can differ from its declared length.
      if (body?.length === length) resolve(body);
      else reject(new GatewayError("request_malformed", "cut body"));
    };
    request.bytes().then(settle, () => settle());
  });
}

// What has come meanwhile is then read as one piece. Without a pause a client that sends a byte in each
// chunk would have the event loop to itself.
function nextTurn(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 0));
}
