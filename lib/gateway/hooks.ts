import type { InboundRequest } from "./inbound.ts";

type HookResult = Response | undefined | void;

/** Functions of a program that embeds the gateway. They can change an exchange, and may be asynchronous. */
export interface Hooks {
  /**
   * Called with each verified request before it is forwarded. If it returns a `Response`, the client
   * receives that and nothing is forwarded. To read the request's body, clone the request: a body that
   * the hook reads cannot be forwarded.
   */
  onRequest?: (id: string, request: Request) => HookResult | Promise<HookResult>;
  /**
   * Called with each response of an upstream, its body unread, before the client receives it. If it
   * returns a `Response`, the client receives that in its place.
   */
  onResponse?: (id: string, response: Response) => HookResult | Promise<HookResult>;
}

/**
 * Returns the request for {@link Hooks.onRequest}. A signed body was read to verify it, so the hook
 * receives a request from which it can be read again.
 */
export function requestForHook({ request, body }: InboundRequest): Request {
  if (!body.known) return request;
  const { url, method, headers, signal } = request;
  return new Request(url, { method, headers, signal, body: body.known });
}
