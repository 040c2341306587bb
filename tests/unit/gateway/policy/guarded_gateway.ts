import { expect } from "bun:test";
import type { UpstreamRule } from "../../../../lib/gateway/model/rule.ts";
import type { UnderTestOptions } from "../in_process_gateway.ts";
import { appWith, bearing, gatewayOf, grants, ruleFor } from "../tokens/token_gateway.ts";
import { policyOf } from "./policy_gateway.ts";

/** What is different from an app with a rule for OpenAI. */
export interface GuardedOptions {
  rule?: Partial<UpstreamRule>;
  ofRule?: object;
  options?: UnderTestOptions;
}

/** A gateway before an API of models. */
export function guardedGateway({ rule, ofRule, options }: GuardedOptions = {}) {
  const policies = ofRule && [policyOf("of-rule", ofRule)];
  const openai = { ...ruleFor("https://api.openai.com/"), ...rule, ...(policies && { policies }) };
  return gatewayOf([appWith({ upstreams: [openai] })], options);
}

/** A request with a token that grants something; with a body a POST. */
export function request(
  sw: object,
  path: string,
  body?: unknown,
  headers: Record<string, string> = {},
) {
  const json = { "content-type": "application/json" };
  return bearing(grants(sw), path, {
    method: body === undefined ? "GET" : "POST",
    ...(body !== undefined && { body: JSON.stringify(body) }),
    headers: { ...(body !== undefined && json), ...headers },
  });
}

/** What a request sends, and what comes back. */
export async function exchange(gateway: ReturnType<typeof guardedGateway>, sent: Request) {
  const response = await gateway.send(sent);
  const text = await response.text();
  const [fetched] = gateway.fetched;
  const body = fetched ? await new Response(fetched.request.body).text() : undefined;
  expect(gateway.errors).toEqual([]);
  return {
    status: response.status,
    headers: response.headers,
    text,
    edited: response.headers.get("x-sw-edited"),
    code: response.headers.get("x-sw-problem"),
    sent: body === undefined || body === "" ? undefined : JSON.parse(body),
    sentHeaders: fetched?.request.headers,
  };
}
