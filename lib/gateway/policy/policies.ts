import { formatJsonBytes, type JsonDocument, type JsonValue } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import type { CheckedRequest } from "../model/checked_request.ts";
import type { Admission, AuthorizedTarget } from "../model/grant.ts";
import type { PolicyLayer } from "../model/policy.ts";
import { PolicyError } from "../problem/policy_error.ts";
import { type ProviderName, providerOf } from "../providers/provider.ts";
import { assertCurrent } from "./assert_current.ts";
import { guardRules } from "./combine.ts";
import { guard, type Guarded, type GuardRules } from "./guard/guard.ts";
import { mcpMessageId } from "./guard/mcp_message_id.ts";
import { createLayers } from "./layers.ts";
import { readJsonBody } from "./read_body.ts";

/** Settings of {@link createPolicies}. */
export interface PolicyOptions {
  /** The largest body under a policy, in bytes. */
  maxPolicyBody: number;
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/**
 * Applies policies to a request: reads its body, checks and edits it, and replaces it with what was checked.
 *
 * @param inbound the request
 * @param admission of the request
 * @param layers the policies, in their order
 * @param lifetime the longest time for reading the body, in milliseconds
 * @returns what was made of it
 * @throws PolicyError, or a GatewayError when the body cannot be read; TokenError, SignatureError and GatewayError
 *   when the credential has expired in the meantime; TokenError `token_malformed` for a pattern of the token's
 *   schema that is not supported
 */
export type ApplyPolicies = (
  inbound: InboundRequest,
  admission: Admission,
  layers: readonly PolicyLayer[],
  lifetime: number,
) => Promise<CheckedRequest>;

/**
 * Creates the step that applies policies.
 *
 * @param options the largest body and the clock
 */
export function createPolicies({ maxPolicyBody, now = Date.now }: PolicyOptions): ApplyPolicies {
  const applyLayers = createLayers();
  return async (inbound, admission, layers, lifetime) => {
    const { grant, target } = admission;
    const { expiresAt = Infinity } = grant.credential;
    const most = [maxPolicyBody, grant.permits.maxBody, target.rule.maxBody];
    const limit = Math.min(...most.map((size) => size ?? Infinity));
    let document: JsonDocument | undefined;
    try {
      assertNoWebSocket(inbound.request.headers, layers);
      const untilEnd = Math.min(lifetime, expiresAt - now());
      document = await readJsonBody(inbound, { limit, lifetime: untilEnd });
      assertCurrent(grant.credential, now());
      const rules = guardRules(layers);
      const body = applyLayers(document?.value, layers);
      const guarded = rules && guardRequest({ inbound, target, body }, rules);
      const final = guarded ? guarded.body : body;
      if (document && final !== undefined) replaceBody(inbound, final, document);
      return checkedRequest(guarded, document !== undefined);
    } catch (error) {
      if (!(error instanceof PolicyError) || providerOfTarget(target) !== "mcp") throw error;
      throw error.forMessage(mcpMessageId(document?.value));
    }
  };
}

/** @throws PolicyError `websocket_not_granted`: no policy can check the messages of a WebSocket yet */
function assertNoWebSocket(headers: Headers, layers: readonly PolicyLayer[]): void {
  if (!/\bwebsocket\b/i.test(headers.get("upgrade") ?? "")) return;
  const applies = layers.some(({ policy }) => policy.body !== undefined) || guardRules(layers);
  if (!applies) return;
  const detail = "A policy has rules for what a request says, and none for a WebSocket.";
  throw new PolicyError("websocket_not_granted", { detail });
}

function checkedRequest(guarded: Guarded | undefined, hasBody: boolean): CheckedRequest {
  if (!guarded) return { edits: [], hasBody };
  const { edits, isForwardedHeader, response } = guarded;
  return { edits, hasBody, isForwardedHeader, ...(response && { response }) };
}

interface GuardedRequest {
  inbound: InboundRequest;
  target: AuthorizedTarget;
  /** After the patches and schemas. */
  body: JsonValue | undefined;
}

function guardRequest({ inbound, target, body }: GuardedRequest, rules: GuardRules): Guarded {
  const { method, headers } = inbound.request;
  const { url, rule } = target;
  const rulePath = rule.url?.pathname ?? "/";
  return guard({ provider: providerOfTarget(target), method, url, rulePath, headers, body }, rules);
}

function providerOfTarget({ rule, url }: AuthorizedTarget): ProviderName | undefined {
  return rule.provider ?? providerOf(url.hostname);
}

/** Sends exactly what was checked. */
function replaceBody({ body }: InboundRequest, value: JsonValue, document: JsonDocument): void {
  const { known } = body;
  if (known) body.replace(formatJsonBytes(value, document, known));
}
