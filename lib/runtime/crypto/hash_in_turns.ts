// Hashing a longer part at once would delay other requests too much.
const SHORT = 65_536;

// Hashing a slice takes about a tenth of a millisecond.
const SLICE = 131_072;

const waiting: (() => void)[] = [];

/**
 * Adds a message to a hash without copying it. Long parts are hashed in slices. Each turn of the event loop
 * hashes only one slice of one message, so that other requests are not delayed for long.
 *
 * @param hasher the hash, to which the parts are added
 * @param parts the parts of the message
 * @returns a promise that resolves when all parts are added; `undefined` when they are added already
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
