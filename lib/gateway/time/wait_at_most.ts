/**
 * Waits for a promise, but not for ever.
 *
 * @param ms the longest time, in milliseconds
 * @param promise what is waited for. It goes on when the time is over
 * @throws as a rejection the promise's error, if it rejects in time
 */
export async function waitAtMost(ms: number, promise: Promise<unknown>): Promise<void> {
  const { promise: late, resolve } = Promise.withResolvers<void>();
  const timer = setTimeout(resolve, ms);
  try {
    await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
