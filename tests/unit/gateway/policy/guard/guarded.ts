import {
  guard,
  type Guarded,
  type GuardRules,
} from "../../../../../lib/gateway/policy/guard/guard.ts";
import { PolicyError } from "../../../../../lib/gateway/problem/policy_error.ts";
import type { ProviderName } from "../../../../../lib/gateway/providers/provider.ts";
import { type JsonValue, parseStrictJson } from "../../../../../lib/signing/verify.ts";

/** Rules that open nothing and set nothing. */
export const NO_RULES: GuardRules = {
  models: [],
  refusesExcess: false,
  allow: new Set(),
  tools: [],
};

/** A request for {@link guarded}. */
export interface TestRequest {
  provider: ProviderName | undefined;
  /** With its query. */
  path: string;
  /** Default: POST with a body, GET without. */
  method?: string;
  /** The path of the rule's `url`. Default: `/`. */
  rulePath?: string;
  headers?: Record<string, string>;
  /** A value, or the text of a body. Absent: there is none. */
  body?: unknown;
}

/** Guards a request as the gateway does, with its body read strictly. */
export function guarded(request: TestRequest, rules: Partial<GuardRules> = {}): Guarded {
  const { provider, path, body, rulePath = "/", headers = {} } = request;
  return guard(
    {
      provider,
      method: request.method ?? (body === undefined ? "GET" : "POST"),
      url: new URL(path, "https://api.example.com"),
      rulePath,
      headers: new Headers(headers),
      body: body === undefined ? undefined : toJson(body),
    },
    { ...NO_RULES, ...rules },
  );
}

/** A value as the gateway reads it; a text is read as the body itself. */
export function toJson(body: unknown): JsonValue {
  return parseStrictJson(typeof body === "string" ? body : JSON.stringify(body));
}

/** The error with which a request is refused; `undefined` when it is granted. */
export function refusal(
  request: TestRequest,
  rules: Partial<GuardRules> = {},
): PolicyError | undefined {
  try {
    guarded(request, rules);
    return undefined;
  } catch (error) {
    if (error instanceof PolicyError) return error;
    throw error;
  }
}

/** The entry of `allow` that a refusal names. */
export function entryIn({ detail }: PolicyError): string | undefined {
  return /add "([^"]+)" to allow/.exec(detail)?.[1];
}
