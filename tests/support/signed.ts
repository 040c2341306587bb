import { createHash, createHmac } from "node:crypto";
import { CREDENTIAL } from "./gateway.ts";

/** What is signed beside the target. */
export interface SignedOptions {
  /** Default: that of the test credential. */
  id?: string;
  /** Default: that of the test credential. */
  secret?: string;
  /** Default: `GET`. */
  method?: string;
  /** In seconds. Default: 300. */
  expires?: number;
  /** Signed as given, `content-length` is not added. Default: none. */
  headers?: Record<string, string>;
  /** Default: the body is not signed. */
  body?: string | Uint8Array;
  /** Default: now. */
  now?: Date;
}

/**
 * The path and query of a signed request. It is written out from the protocol and not with the
 * code under test, so that it also signs what a careful signer refuses: any text as the target,
 * any method.
 */
export function signedTarget(
  gatewayUrl: string,
  target: string,
  options: SignedOptions = {},
): string {
  const {
    id,
    secret,
    method = "GET",
    expires = 300,
    headers = {},
    body,
  } = {
    ...CREDENTIAL,
    ...options,
  };
  const date = (options.now ?? new Date()).toISOString().replace(/[-:]|\.\d+/g, "");
  const day = date.slice(0, 8);
  const path = new URL(gatewayUrl).pathname;
  const lines = Object.entries(headers)
    .map(([name, value]) => `${name.toLowerCase()}:${value.trim()}`)
    .sort();
  const names = Object.keys(headers)
    .map((name) => name.toLowerCase())
    .sort()
    .join(";");
  const query = [
    "X-Sw-Algorithm=SW1-HMAC-SHA256",
    `X-Sw-Body=${body !== undefined}`,
    `X-Sw-Credential=${encode(`${id}/${day}`)}`,
    `X-Sw-Date=${date}`,
    `X-Sw-Expires=${expires}`,
    `X-Sw-Proxy=${encode(target)}`,
    `X-Sw-SignedHeaders=${encode(names)}`,
  ].join("&");

  const canonical = [method, path, query, lines.join("\n"), "", names, ""].join("\n");
  const hash = createHash("sha256")
    .update(canonical)
    .update(body ?? "")
    .digest("hex");
  const key = hmac(`SW1-HMAC-SHA256${secret}`, day);
  const signature = hmac(key, ["SW1-HMAC-SHA256", date, day, hash].join("\n")).toString("hex");
  return `${path}?${query}&X-Sw-Signature=${signature}`;
}

/** A request as bytes. A body gets its content-length, unless a header frames it already. */
export function requestBytes(
  method: string,
  target: string,
  { headers = [] as string[], body = "" as string | Uint8Array } = {},
): Buffer {
  const bytes = Buffer.from(body);
  const lines = [`${method} ${target} HTTP/1.1`, ...headers];
  if (!headers.some((header) => /^host:/i.test(header))) lines.splice(1, 0, "Host: gateway.test");
  const framed = headers.some((header) => /^(content-length|transfer-encoding):/i.test(header));
  if (bytes.length > 0 && !framed) lines.push(`Content-Length: ${bytes.length}`);
  return Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), bytes]);
}

function hmac(key: string | Buffer, message: string): Buffer {
  return createHmac("sha256", key).update(message).digest();
}

function encode(text: string): string {
  return encodeURIComponent(text).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}
