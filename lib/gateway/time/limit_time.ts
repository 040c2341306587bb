/** What is done in a limited time. */
export interface LimitedTime<Result> {
  /** The longest time, in milliseconds. */
  ms: number;
  /** Begins, and passes the signal on. What is left at the end is cancelled, however it ended. */
  begin: (canceler: AbortController) => Promise<Result>;
  /** Returns the result when the time is over, or throws. */
  late: () => Result;
}

/**
 * Does something in a limited time.
 *
 * @param limited what to do, for how long
 * @returns the result
 * @throws as a rejection what either function throws
 */
export async function limitTime<Result>({ ms, begin, late }: LimitedTime<Result>): Promise<Result> {
  const canceler = new AbortController();
  const { promise: expired, resolve } = Promise.withResolvers<Result>();
  const timer = setTimeout(() => resolve(Promise.try(late)), ms);
  try {
    return await Promise.race([begin(canceler), expired]);
  } finally {
    clearTimeout(timer);
    canceler.abort();
  }
}
