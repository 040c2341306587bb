import { type JsonDocument, formatJsonLike, type JsonValue } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import type { CheckedRequest } from "../model/checked_request.ts";
import type { Admission } from "../model/grant.ts";
import type { PolicyLayer } from "../model/policy.ts";
import { PolicyError } from "../problem/policy_error.ts";
import { isGuarded } from "./combine.ts";
import { assertCurrent } from "./assert_current.ts";
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
 * @returns what was made of it
 * @throws PolicyError, or a GatewayError when the body cannot be read; TokenError, SignatureError and GatewayError
 *   when the credential has expired in the meantime; TokenError `token_malformed` for a pattern of the token's
 *   schema that is not supported
 */
export type ApplyPolicies = (
  inbound: InboundRequest,
  admission: Admission,
  layers: readonly PolicyLayer[],
) => Promise<CheckedRequest>;

/**
 * Creates the step that applies policies.
 *
 * @param options the largest body and the clock
 */
export function createPolicies({ maxPolicyBody, now = Date.now }: PolicyOptions): ApplyPolicies {
  const applyLayers = createLayers();
  return async (inbound, admission, layers) => {
    const { grant, target } = admission;
    const { expiresAt = Infinity } = grant.credential;
    const most = [maxPolicyBody, grant.permits.maxBody, target.rule.maxBody];
    const limit = Math.min(...most.map((size) => size ?? Infinity));
    const document = await readJsonBody(inbound, { limit, lifetime: expiresAt - now() });
    assertCurrent(grant.credential, now());
    const body = applyLayers(document?.value, layers);
    if (layers.some(({ policy }) => isGuarded(policy))) {
      const detail = "This version cannot guard a request.";
      throw new PolicyError("operation_not_granted", { detail });
    }
    if (document && body !== undefined) replaceBody(inbound, body, document);
    return { edits: [], hasBody: document !== undefined };
  };
}

/** Sends exactly what was checked. */
function replaceBody({ body }: InboundRequest, value: JsonValue, document: JsonDocument): void {
  const span = document.spans.get(value);
  if (span?.start === 0 && span.end === document.text.length) return;
  body.replace(new TextEncoder().encode(formatJsonLike(value, document)));
}
