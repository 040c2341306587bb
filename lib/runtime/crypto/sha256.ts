import type { Sha256 } from "../../signing/verify.ts";
import { addParts } from "./hash_in_turns.ts";

/**
 * SHA-256 in hex digits, by the runtime itself: WebCrypto's takes a turn of the event loop for a short text,
 * and copies a body twice.
 *
 * @param text hashed in UTF-8
 * @param body hashed after it, if there is one
 */
export const sha256: Sha256 = (text, body) => {
  if (body === undefined) return Bun.SHA256.hash(text, "hex");
  const hasher = new Bun.CryptoHasher("sha256").update(text);
  const added = addParts(hasher, [body]);
  return added ? added.then(() => hasher.digest("hex")) : hasher.digest("hex");
};
