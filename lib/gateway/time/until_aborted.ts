/**
 * Waits for a promise until a signal is aborted.
 *
 * @param signal ends the wait
 * @param promise what is waited for. It goes on when the wait has ended
 * @returns its result
 * @throws as a rejection the reason of the signal, or the promise's error
 */
export async function untilAborted<Result>(
  signal: AbortSignal,
  promise: Promise<Result>,
): Promise<Result> {
  const { promise: aborted, reject } = Promise.withResolvers<never>();
  const abort = () => reject(signal.reason);
  if (signal.aborted) abort();
  else signal.addEventListener("abort", abort);
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", abort);
  }
}
