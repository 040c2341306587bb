// Beyond it a body would keep everybody else waiting.
const SHORT = 65_536;

// About a tenth of a millisecond of work.
const SLICE = 131_072;

const waiting: (() => void)[] = [];

/**
 * Hashes a message without a copy. Long parts are hashed slice by slice: in each turn of the event loop one
 * slice, of all messages together, so that nobody else waits for long.
 *
 * @param hasher to which the parts are added
 * @param parts of the message
 * @returns a promise when there are long parts, else nothing
 */
export function addParts(
  hasher: Bun.CryptoHasher,
  parts: readonly Uint8Array[],
): Promise<void> | undefined {
  if (parts.some(({ length }) => length > SHORT)) return addInTurns(hasher, parts);
  for (const part of parts) hasher.update(part);
  return undefined;
}

async function addInTurns(hasher: Bun.CryptoHasher, parts: readonly Uint8Array[]): Promise<void> {
  for (const part of parts) {
    for (let at = 0; at < part.length; at += SLICE) {
      if (part.length > SHORT) await nextTurn();
      hasher.update(part.subarray(at, at + SLICE));
    }
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
