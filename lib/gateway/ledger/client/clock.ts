import type { Timer } from "../../time/timer_wheel.ts";

/** A monotonic clock and its timers: a `TimerWheel`, or a simulated one. */
export interface Timers {
  /** Returns the time in milliseconds. */
  now: () => number;
  /** Calls back once after some milliseconds. */
  start: (callback: () => void, ms: number) => Timer;
  /** Stops a timer, if there is one and it still runs. */
  stop: (timer: Timer | undefined) => void;
}

/** How long the store may take to answer, in milliseconds. */
export const REPLY_MS = 2_000;

/** Callbacks for an answer and for its absence. One of the two is called, once. */
export interface AnswerCallbacks<Result> {
  onAnswer: (result: Result) => void;
  /** Called with the store's error, or an error when it has not answered within {@link REPLY_MS}. */
  onFailure: (error: unknown) => void;
}

/**
 * Waits for the store's answer, but not for ever. A store that hangs leaves it open what it did.
 *
 * @param result the store's answer
 * @param timers run the timeout
 * @param callbacks of the caller
 */
export function onceAnswered<Result>(
  result: Promise<Result>,
  timers: Timers,
  { onAnswer, onFailure }: AnswerCallbacks<Result>,
): void {
  let isLate = false;
  const timer = timers.start(() => {
    isLate = true;
    onFailure(new Error("the store did not answer"));
  }, REPLY_MS);
  result.then(
    (value) => {
      if (isLate) return;
      timers.stop(timer);
      onAnswer(value);
    },
    (error: unknown) => {
      if (isLate) return;
      timers.stop(timer);
      onFailure(error);
    },
  );
}

/**
 * Waits for the store's answer as {@link onceAnswered} does.
 *
 * @param result the store's answer
 * @param timers run the timeout
 * @returns the answer
 * @throws the store's error, or an error when it has not answered within {@link REPLY_MS}
 */
export function withinTime<Result>(result: Promise<Result>, timers: Timers): Promise<Result> {
  return new Promise((onAnswer, onFailure) =>
    onceAnswered(result, timers, { onAnswer, onFailure }),
  );
}
