/**
 * Calls a function at an even rate, as exactly as a timer of a millisecond allows.
 *
 * @param count how often
 * @param perSecond the calls in a second
 * @param act called with the number of calls before it
 */
export async function pace(
  count: number,
  perSecond: number,
  act: (index: number) => void,
): Promise<void> {
  const start = performance.now();
  let done = 0;
  while (done < count) {
    await Bun.sleep(1);
    const seconds = (performance.now() - start) / 1000;
    const due = Math.min(Math.floor(seconds * perSecond), count);
    for (; done < due; done++) act(done);
  }
}
