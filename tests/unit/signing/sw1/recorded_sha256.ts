import { createHash } from "node:crypto";
import type { Sha256 } from "../../../../lib/signing/verify.ts";

/** SHA-256 that keeps what it is given: text and body as one piece of bytes. */
export function recordedSha256(): { sha256: Sha256; hashed: Buffer[] } {
  const hashed: Buffer[] = [];
  const sha256: Sha256 = (text, body = new Uint8Array()) => {
    const bytes = Buffer.concat([Buffer.from(text), body]);
    hashed.push(bytes);
    return createHash("sha256").update(bytes).digest("hex");
  };
  return { sha256, hashed };
}
