import type { Gateway } from "./gateway.ts";
import type { HttpMessage } from "./http_message.ts";
import { exchange, parseResponse } from "./raw_client.ts";
import { requestBytes, signedTarget, type SignedOptions } from "./signed.ts";

/** A signed request, and what is sent beside that. */
export interface SignedExchange {
  /** Default: `GET`. */
  method?: string;
  /** Whole header lines. Default: none but Host and the framing. */
  headers?: string[];
  /** Default: none. */
  body?: string | Uint8Array;
  /** What is signed. Default: method and target. */
  sign?: SignedOptions;
}

/** Sends one signed request on a connection of its own; the response, which has to be whole. */
export async function signedExchange(
  gateway: Gateway,
  target: string,
  { method = "GET", headers = [], body = "", sign = {} }: SignedExchange = {},
): Promise<HttpMessage> {
  const path = signedTarget(gateway.url, target, { method, ...sign });
  return await plainExchange(gateway, method, path, { headers, body });
}

/** The same for a path and query as given, signed or not. */
export async function plainExchange(
  gateway: Gateway,
  method: string,
  path: string,
  { headers = [], body = "" }: SignedExchange = {},
): Promise<HttpMessage> {
  const bytes = await exchange(gateway.port, requestBytes(method, path, { headers, body }));
  const response = parseResponse(bytes, true, method);
  if (!response) throw new Error(`no whole response came, but ${JSON.stringify(String(bytes))}`);
  return response;
}

/** What a problem document says. */
export function problemOf(response: HttpMessage): Record<string, unknown> {
  return JSON.parse(response.body.toString()) as Record<string, unknown>;
}
