import { expect } from "bun:test";
import { toNamedPolicy } from "../../../../lib/config/named_policy.ts";
import type { App } from "../../../../lib/gateway/model/app.ts";
import type { NamedPolicy } from "../../../../lib/gateway/model/policy.ts";
import type { UnderTestOptions } from "../in_process_gateway.ts";
import { appWith, bearing, gatewayOf, grants, PATH, ruleFor } from "../tokens/token_gateway.ts";

/** A policy as the configuration has it. */
export function policyOf(name: string, keys: object): NamedPolicy {
  const policy = toNamedPolicy(name, keys);
  if ("mistake" in policy) throw new Error(policy.mistake);
  return policy;
}

/** Where policies of the operator apply. */
export interface Operator {
  /** Policies that tokens may name, by their names. */
  named?: Readonly<Record<string, object>>;
  ofApp?: object;
  ofRule?: object;
  options?: UnderTestOptions;
}

/** A gateway with policies. */
export function policyGateway({ named = {}, ofApp, ofRule, options = {} }: Operator = {}) {
  const rule: App["upstreams"][number] = {
    ...ruleFor("https://api.example.com/v1/"),
    ...(ofRule && { policies: [policyOf("of-rule", ofRule)] }),
  };
  const app = appWith({
    upstreams: [rule],
    ...(ofApp && { tokens: { policies: [policyOf("of-app", ofApp)] } }),
  });
  const known = new Map(Object.entries(named).map(([name, keys]) => [name, policyOf(name, keys)]));
  return gatewayOf([app], { ...options, sources: { findPolicy: (name) => known.get(name) } });
}

/** A request with a body of JSON, and a token that grants something. */
export function posting(
  sw: object,
  body: BodyInit | null | undefined,
  { headers = {}, ...init }: RequestInit = {},
): Request {
  const type = { "content-type": "application/json" };
  const length = typeof body === "string" ? { "content-length": String(byteLength(body)) } : {};
  return bearing(grants(sw), PATH, {
    method: "POST",
    ...(body !== undefined && { body }),
    headers: { ...type, ...length, ...(headers as Record<string, string>) },
    ...init,
  });
}

function byteLength(text: string): number {
  return new TextEncoder().encode(text).length;
}

/** What reached the upstream: the body as text, and the headers. */
export async function forwardedBy(
  gateway: ReturnType<typeof policyGateway>,
  request: Request,
): Promise<{ body: string; headers: Headers; response: Response }> {
  const response = await gateway.send(request);
  const [sent] = gateway.fetched;
  if (!sent) throw new Error(`refused: ${await response.text()}`);
  expect(gateway.errors).toEqual([]);
  const body = await new Response(sent.request.body).text();
  return { body, headers: sent.request.headers, response };
}

/** What a refused request got: nothing reached the upstream. */
export async function refusedBy(
  gateway: ReturnType<typeof policyGateway>,
  request: Request,
): Promise<{ status: number; code: string; param: string | null; detail: string; text: string }> {
  const response = await gateway.send(request);
  const text = await response.text();
  expect(gateway.fetched).toEqual([]);
  expect(gateway.errors).toEqual([]);
  const { code, detail, error } = JSON.parse(text);
  expect(error).toMatchObject({ code, message: detail });
  return { status: response.status, code, param: error.param, detail, text };
}
