import type { Sha256 } from "../../signing/verify.ts";
import { hashInTurns } from "./hash_in_turns.ts";

// Beyond it a body would keep everybody else waiting.
const SHORT = 65_536;

/**
 * SHA-256 in hex digits. What is short is hashed at once, by the runtime itself: WebCrypto's takes a turn of
 * the event loop, and copies a body twice.
 *
 * @param text hashed in UTF-8
 * @param body hashed after it, if there is one
 */
export const sha256: Sha256 = (text, body) => {
  if (body === undefined) return Bun.SHA256.hash(text, "hex");
  const hasher = new Bun.CryptoHasher("sha256").update(text);
  if (body.length <= SHORT) return hasher.update(body).digest("hex");
  return hashInTurns(hasher, body).then(() => hasher.digest("hex"));
};
