import { type Sha256, webSha256 } from "../../signing/verify.ts";

// Beyond it the work is better done on another thread than the turn of the event loop saved.
const SHORT = 65_536;

/**
 * SHA-256 in hex digits. What is short is hashed at once, by the runtime itself; WebCrypto's takes a turn
 * of the event loop, and a long body would keep everybody else waiting.
 *
 * @param text hashed in UTF-8
 * @param body hashed after it, if there is one
 */
export const sha256: Sha256 = (text, body) => {
  if (body === undefined) return Bun.SHA256.hash(text, "hex");
  if (body.length > SHORT) return webSha256(text, body);
  return new Bun.CryptoHasher("sha256").update(text).update(body).digest("hex");
};
