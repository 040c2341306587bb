// Beyond it the work is better done on another thread than the turn of the event loop saved.
const SHORT = 65_536;

/**
 * SHA-256. A short text is hashed at once, by the runtime itself; WebCrypto's takes a turn of the event
 * loop, and a long one would keep everybody else waiting.
 *
 * @param data what to hash
 * @returns 32 bytes
 */
export function sha256(data: Uint8Array<ArrayBuffer>): Uint8Array | Promise<Uint8Array> {
  if (data.length > SHORT) return webSha256(data);
  return new Bun.CryptoHasher("sha256").update(data).digest();
}

async function webSha256(data: Uint8Array<ArrayBuffer>): Promise<Uint8Array> {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", data));
}
