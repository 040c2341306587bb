// About a tenth of a millisecond of work.
const SLICE = 131_072;

const waiting: (() => void)[] = [];

/**
 * Hashes a long body without a copy, slice by slice. In each turn of the event loop one slice is hashed, of
 * all bodies together, so that nobody else waits for long.
 *
 * @param hasher to which the body is added
 * @param body of any length
 */
export async function hashInTurns(hasher: Bun.CryptoHasher, body: Uint8Array): Promise<void> {
  for (let at = 0; at < body.length; at += SLICE) {
    await nextTurn();
    hasher.update(body.subarray(at, at + SLICE));
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    if (waiting.push(resolve) === 1) setImmediate(runNext);
  });
}

function runNext(): void {
  waiting.shift()?.();
  if (waiting.length > 0) setImmediate(runNext);
}
