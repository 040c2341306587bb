import type { Timer, TimerWheel } from "../time/timer_wheel.ts";
import type { ExchangeRecord, Observer } from "./exchange_record.ts";

/** The bytes of an exchange so far. */
export interface ExchangeBytes {
  /** Bytes of the request's body that were sent to the upstream. */
  in: number;
  /** Bytes of the upstream's body that were sent to the client. */
  out: number;
  /** Scheme, host, port and path of the target. */
  target: string;
  /** Whether the exchange has ended, so that this is the last call for it. */
  final: boolean;
}

/** Receives the bytes of an exchange. */
export type OnBytes = (id: string, bytes: ExchangeBytes) => void | Promise<void>;

/** Settings of {@link createBytesObserver}. */
export interface BytesObserverOptions {
  /** Receives the error that the function throws. */
  onError: (error: unknown, requestId: string) => void;
  timers: Pick<TimerWheel, "start" | "stop">;
}

const INTERVAL_MS = 1000;

/**
 * Creates the observer that reports the bytes of authenticated exchanges: at most once a second while
 * bytes are forwarded, and once at the end.
 *
 * @param onBytes receives them
 * @param options the timers, and the function that receives errors
 */
export function createBytesObserver(
  onBytes: OnBytes,
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
