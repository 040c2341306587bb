import type { Sha256 } from "../../signing/verify.ts";
import { addParts } from "./hash_in_turns.ts";

/**
 * Computes SHA-256 with the runtime's own function. WebCrypto needs a turn of the event loop even for a short
 * text, and copies a body twice.
 *
 * @param text the beginning of the message, hashed in UTF-8
 * @param body the rest of the message, if there is one
 * @returns 64 lower-case hex digits; a promise when the body is long
 */
export const sha256: Sha256 = (text, body) => {
  if (body === undefined) return Bun.SHA256.hash(text, "hex");
  const hasher = new Bun.CryptoHasher("sha256").update(text);
  const added = addParts(hasher, [body]);
  return added ? added.then(() => hasher.digest("hex")) : hasher.digest("hex");
};
