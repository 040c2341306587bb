/**
 * Creates a clock that gives the time as a text. It writes the text of a millisecond once: a busy gateway has many lines with
 * the same one.
 *
 * @param now the current time in milliseconds since the epoch. Default: `Date.now`
 * @returns a function that returns the time in the form of `Date.toISOString`
 */
export function createTextClock(now: () => number = Date.now): () => string {
  let written = Number.NaN;
  let text = "";
  return () => {
    const time = now();
    if (time !== written) {
      text = new Date(time).toISOString();
      written = time;
    }
    return text;
  };
}
