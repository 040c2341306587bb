import type { TimerWheel } from "../time/timer_wheel.ts";
import { GatewayError } from "../problem/gateway_error.ts";
import { type Bytes, openBody, relay } from "./relay.ts";
import { watchForStall } from "../time/stall_watch.ts";

/** Bodies up to this size are read whole: a cut is noticed before anything was passed on. */
export const SMALL_BODY = 65_536;

/** How slow a client may be while it sends a body. */
export interface UploadPace {
  /** Seconds that it may stall, or, plus a second for each kB, take in all for a small body; 0 = no limit. */
  idleTimeout: number;
  timers: TimerWheel;
}

/** The `Content-Length` of a message; `undefined` when it has none that says anything. */
export function contentLength(headers: Headers): number | undefined {
  const text = headers.get("content-length");
  return text !== null && /^\d{1,15}$/.test(text) ? Number(text) : undefined;
}

/**
 * Refuses a body that `fetch` has no way to send (https://fetch.spec.whatwg.org/#dom-request,
 * step 35), rather than to drop it.
 *
 * @throws GatewayError `body_unexpected`
 */
export function assertBodyAllowed({ method, headers }: Request): void {
  if (method !== "GET" && method !== "HEAD") return;
  if (headers.has("transfer-encoding") || (headers.get("content-length") ?? "0") !== "0") {
    throw new GatewayError("body_unexpected");
  }
}

/**
 * Reads a whole body that has to be verified before it may go on.
 *
 * @param request whose body nobody has read
 * @param limit in bytes
 * @param pace how slow the client may be
 * @throws GatewayError `body_too_large`, `request_timeout`, `request_malformed`
 */
export async function readBody(request: Request, limit: number, pace: UploadPace): Promise<Bytes> {
  const length = contentLength(request.headers);
  if (length !== undefined && length > limit) throw new GatewayError("body_too_large");
  if (length !== undefined && length <= SMALL_BODY) return readAtOnce(request, length, pace);
  if (!request.body) return new Uint8Array();
  const reader = (request.body as ReadableStream<Bytes>).getReader();
  let failure: GatewayError | undefined;
  const stall = watchForStall(pace.timers, pace.idleTimeout, () => {
    failure = new GatewayError("request_timeout");
    void reader.cancel();
  });
  const chunks: Bytes[] = [];
  let size = 0;
  try {
    for (;;) {
      stall.wait();
      const { done, value } = await reader.read();
      stall.arrived();
      if (failure) throw failure;
      if (done) return concat(chunks, size);
      size += value.length;
      if (size > limit) {
        void reader.cancel();
        throw new GatewayError("body_too_large");
      }
      chunks.push(value);
    }
  } catch (error) {
    throw error instanceof GatewayError ? error : new GatewayError("request_malformed", "cut body");
  } finally {
    stall.stop();
  }
}

// Without a stream a request costs a quarter less. Nothing then tells how far the body has come, so that
// it may take the time of a stall and, for slow connections, a second a kB.
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
      // In HTTP/2 the two are told apart.
      if (body?.length === length) resolve(body);
      else reject(new GatewayError("request_malformed", "cut body"));
    };
    request.bytes().then(settle, () => settle());
  });
}

function concat(chunks: readonly Bytes[], size: number): Bytes {
  const [only] = chunks;
  if (only && chunks.length === 1) return only;
  const body = new Uint8Array(size);
  let offset = 0;
  for (const chunk of chunks) {
    body.set(chunk, offset);
    offset += chunk.length;
  }
  return body;
}

/** What an outbound body tells as it passes. */
export interface OutboundBodyEvents {
  /** So many bytes pass. */
  onBytes: (count: number) => void;
  /** The client has stalled for too long. */
  onSilence: () => void;
  /** Called with what is to be done when the exchange ends, however it ends. */
  onEnd?: (callback: () => void) => void;
}

/**
 * The body of the outbound request: whole when it is small and its length known, else a stream.
 *
 * @param request whose body nobody has read
 * @param pace how slow the client may be
 * @param events called as it happens
 * @throws GatewayError `request_timeout`, `request_malformed`
 */
export async function outboundBody(
  request: Request,
  pace: UploadPace,
  { onBytes, onSilence, onEnd }: OutboundBodyEvents,
): Promise<Bytes | ReadableStream<Bytes> | null> {
  const length = contentLength(request.headers);
  if (length !== undefined && length <= SMALL_BODY) {
    const body = await readBody(request, SMALL_BODY, pace);
    onBytes(body.length);
    return body;
  }
  if (!request.body) return null;
  const stall = watchForStall(pace.timers, pace.idleTimeout, onSilence);
  // The runtime leaves the body alone, neither read nor cancelled, when it gets no connection.
  onEnd?.(stall.stop);
  return relay(openBody(request.body), {
    onWait: stall.wait,
    onChunk: (chunk) => {
      stall.arrived();
      onBytes(chunk.length);
    },
    onEnd: stall.stop,
    onCancel: stall.stop,
    onError: () => {
      stall.stop();
      return new Error("the client's body broke off");
    },
  });
}
