import { createHash, createHmac } from "node:crypto";

// The protocol written out a second time, from its specification alone and with another library, so
// that a mistake in the code under test cannot agree with itself.

const UNRESERVED = /[A-Za-z0-9_.~-]/;

/** How the published signers percent-encode the values of the query. */
export const DIALECTS = {
  rfc3986: (text: string) => percentEncode(text, UNRESERVED, "%20"),
  javascript: (text: string) => percentEncode(text, /[A-Za-z0-9_.~!'()*-]/, "%20"),
  form: (text: string) => percentEncode(text, UNRESERVED, "+"),
};

/** One of {@link DIALECTS}. */
export type Dialect = keyof typeof DIALECTS;

/** What a canonical request is made of. */
export interface Parts {
  method: string;
  path: string;
  /** `name=value` as they stand in the URL, without the signature. */
  pairs: readonly string[];
  /** Names in lower case. */
  headers: readonly (readonly [name: string, value: string])[];
  /** Absent: not signed. */
  body?: Uint8Array | undefined;
}

/** The bytes that are hashed. */
export function referenceCanonical({ method, path, pairs, headers, body }: Parts): Buffer {
  const lines = headers
    .map(([name, value]) => `${name}:${value.replace(/^[ \t]+|[ \t]+$/g, "")}`)
    .sort();
  const names = headers.map(([name]) => name).sort();
  const text = `${method}\n${path}\n${[...pairs].sort().join("&")}\n${lines.join("\n")}\n\n${names.join(";")}\n`;
  return Buffer.concat([Buffer.from(text), body ?? Buffer.alloc(0)]);
}

/** The string to sign. */
export function referenceText(canonical: Uint8Array, date: string): string {
  const hash = createHash("sha256").update(canonical).digest("hex");
  return `SW1-HMAC-SHA256\n${date}\n${date.slice(0, 8)}\n${hash}`;
}

/** The signature, 64 hex digits. */
export function referenceSignature(text: string, secret: string, scope: string): string {
  const key = createHmac("sha256", `SW1-HMAC-SHA256${secret}`).update(scope).digest();
  return createHmac("sha256", key).update(text).digest("hex");
}

function percentEncode(text: string, unreserved: RegExp, space: string): string {
  return Array.from(Buffer.from(text), (byte) => {
    const character = String.fromCharCode(byte);
    if (unreserved.test(character)) return character;
    if (character === " ") return space;
    return `%${byte.toString(16).toUpperCase().padStart(2, "0")}`;
  }).join("");
}
