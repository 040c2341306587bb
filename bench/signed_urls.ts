import { signUrl } from "../lib/signing/mod.ts";

/** Who signs, and for which upstream. */
export interface Signer {
  id: string;
  secret: string;
  upstreamPort: number;
}

/** The path and query of the `index`th item at the upstream. */
export function itemPath(index: number): string {
  return `/v1/items/${String(index).padStart(4, "0")}?fields=status,owner&page=${index % 10}`;
}

/**
 * Signs the URL of an item.
 *
 * @param index which item
 * @param options.now the moment of signing; default: now
 * @returns the request target: path and query of the signed URL
 */
export async function signedPath(
  index: number,
  { id, secret, upstreamPort, now = new Date() }: Signer & { now?: Date },
): Promise<string> {
  const url = await signUrl(`http://127.0.0.1:${upstreamPort}${itemPath(index)}`, {
    gateway: "http://127.0.0.1",
    id,
    secret,
    expires: 3600,
    now,
  });
  return url.slice(new URL(url).origin.length);
}

/** The signed URLs of many items. */
export function signedPaths(count: number, signer: Signer): Promise<string[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => signedPath(index, signer)));
}

/** The same URL with another last digit, so with a signature that is wrong. */
export function tamper(path: string): string {
  return path.slice(0, -1) + (path.endsWith("0") ? "1" : "0");
}
