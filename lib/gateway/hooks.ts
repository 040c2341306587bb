import type { InboundRequest } from "./inbound.ts";
import type { ExchangeRecord, Observer } from "./record/exchange_record.ts";
import type { Timer, TimerWheel } from "./time/timer_wheel.ts";

/** What a program that embeds the gateway may do beside it. Each may be asynchronous. */
export interface Hooks {
  /**
   * Called with each rightly signed request before it is forwarded. A response ends the exchange
   * early: it goes to the client instead. To read the body, clone the request: what is read here is
   * not there to be forwarded.
   */
  onRequest?: (
    id: string,
    request: Request,
  ) => Response | undefined | void | Promise<Response | undefined | void>;
  /**
   * Called with each response of an upstream, its body unread, before it goes to the client. A
   * response replaces it.
   */
  onResponse?: (
    id: string,
    response: Response,
  ) => Response | undefined | void | Promise<Response | undefined | void>;
  /**
   * Called for each exchange of an authenticated request: at most once a second while bytes are passed
   * on, and once at the end.
   */
  onBytes?: (id: string, bytes: ExchangeBytes) => void | Promise<void>;
}

/** What {@link Hooks.onBytes} is told. */
export interface ExchangeBytes {
  /** Bytes of the request's body that have gone to the upstream so far. */
  in: number;
  /** Bytes of the upstream's body that have gone to the client so far. */
  out: number;
  /** Scheme, host, port and path of the target. */
  target: string;
  /** Whether the exchange has ended, so that this is the last call for it. */
  final: boolean;
}

/**
 * The request that {@link Hooks.onRequest} is given. A signed body has been read to verify it, so the
 * hook gets a request from which it can be read again.
 */
export function requestForHook({ request, body }: InboundRequest): Request {
  if (!body.known) return request;
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: body.known });
}

/** Settings of {@link bytesObserver}. */
export interface BytesObserverOptions {
  /** Receives the error that the hook throws. */
  onError: (error: unknown, requestId: string) => void;
  timers: Pick<TimerWheel, "start" | "stop">;
}

const INTERVAL_MS = 1000;

/**
 * Makes the observer that calls {@link Hooks.onBytes} for each exchange of an authenticated request.
 *
 * @param onBytes the hook
 * @param options the timers, and who hears of errors
 */
export function bytesObserver(
  onBytes: NonNullable<Hooks["onBytes"]>,
  { onError, timers }: BytesObserverOptions,
): Observer {
  const watches = new Map<Readonly<ExchangeRecord>, Timer>();

  async function report(record: Readonly<ExchangeRecord>, final: boolean): Promise<void> {
    const { app, bytesIn, bytesOut, requestId, upstream: target = "", verifyMs } = record;
    if (app === undefined || verifyMs === undefined) return;
    try {
      await onBytes(app, { in: bytesIn, out: bytesOut, target, final });
    } catch (error) {
      onError(error, requestId);
    }
  }

  function watch(record: Readonly<ExchangeRecord>, reported: number): void {
    const reportProgress = () => {
      const total = record.bytesIn + record.bytesOut;
      if (total !== reported) void report(record, false);
      watch(record, total);
    };
    watches.set(record, timers.start(reportProgress, INTERVAL_MS));
  }

  return {
    begin: (record) => watch(record, 0),
    end(record) {
      timers.stop(watches.get(record));
      watches.delete(record);
      void report(record, true);
    },
  };
}
