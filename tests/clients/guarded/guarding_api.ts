import { guard, type Guarded, type GuardRules } from "../../../lib/gateway/policy/guard/guard.ts";
import type { ProviderName } from "../../../lib/gateway/providers/provider.ts";
import { formatJson, parseStrictJson } from "../../../lib/signing/verify.ts";

/** A request that arrived, and what the guard made of it. */
export interface GuardedRequest {
  path: string;
  /** The body as it arrived. */
  sent: string;
  guarded: Guarded;
  /** The names of the headers that are forwarded. */
  headers: string[];
}

const RULES: GuardRules = { models: [], refusesExcess: false, allow: new Set(), tools: [] };

/**
 * An API behind a guard: it guards each request, and answers those that are granted. The first part of the path is the
 * name of the provider.
 *
 * @param rules of the guard
 * @param answer to a request
 */
export function guardingApi(rules: Partial<GuardRules>, answer: (path: string) => Response) {
  const requests: GuardedRequest[] = [];
  const errors: unknown[] = [];
  const server = Bun.serve({
    port: 0,
    fetch: async (request) => {
      const url = new URL(request.url);
      const [, provider = ""] = url.pathname.split("/");
      const sent = await request.text();
      try {
        const guarded = guard(
          {
            provider: provider as ProviderName,
            method: request.method,
            url,
            rulePath: `/${provider}`,
            headers: request.headers,
            body: sent === "" ? undefined : parseStrictJson(sent),
          },
          { ...RULES, ...rules },
        );
        const headers = [...request.headers.keys()].filter(guarded.isForwardedHeader);
        requests.push({ path: url.pathname, sent, guarded, headers });
        return answer(url.pathname);
      } catch (error) {
        errors.push(error);
        return Response.json({ error: { message: String(error) } }, { status: 403 });
      }
    },
  });
  return {
    requests,
    /** The refusals of requests. */
    errors,
    url: server.url.href.replace(/\/$/, ""),
    [Symbol.asyncDispose]: () => server.stop(true),
  };
}

/** The body that is forwarded, as text; empty when there is none. */
export function forwardedText({ guarded: { body } }: GuardedRequest): string {
  return body === undefined ? "" : formatJson(body);
}
