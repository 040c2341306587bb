import { formatJsonBytes, type JsonValue } from "../../signing/verify.ts";
import type { InboundRequest } from "../inbound.ts";
import { bodyLimit } from "../model/body_limit.ts";
import type { CheckedRequest } from "../model/checked_request.ts";
import type { Admission, AuthorizedTarget } from "../model/grant.ts";
import type { PolicyLayer } from "../model/policy.ts";
import { namesWebSocket } from "../model/handshake.ts";
import { PolicyError } from "../problem/policy_error.ts";
import type { ProviderName } from "../providers/provider.ts";
import type { PriceTable } from "../usage/prices.ts";
import { assertCurrent } from "./assert_current.ts";
import { checkedRequest, type ReadBody } from "./checked_request.ts";
import { guardRules } from "./combine.ts";
import type { Counts } from "../model/counts.ts";
import { guard, type GuardRules } from "./guard/guard.ts";
import { mcpMessageId } from "./guard/mcp_message_id.ts";
import { createLayers } from "./layers.ts";
import { createProviderOfTarget } from "./provider_of_target.ts";
import { readJsonBody } from "./read_body.ts";
import { createHandshakeCheck } from "./realtime/check_handshake.ts";
import { FREE } from "./request_bound.ts";
import type { CurrentPrices } from "./usage_reading.ts";
import type { WatchUsage } from "./watch_usage.ts";

/** Settings of {@link createPolicies}. */
export interface PolicyOptions {
  /** The largest body under a policy, in bytes. */
  maxPolicyBody: number;
  /** The prices of models. */
  prices: PriceTable;
  /** Decides how the usage of a request is read that no policy guards. */
  watchUsage: WatchUsage;
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/** The policies and limits that apply to a request. */
export interface AppliedPolicies {
  /** The policies, in their order. */
  layers: readonly PolicyLayer[];
  /** What limits count of it. It is then guarded without a shorthand, too. Default: nothing */
  counts?: Counts | undefined;
  /** The longest time for reading the body, in milliseconds. */
  lifetime: number;
}

/**
 * Applies policies to a request: reads its body, checks and edits it, and replaces it with what was checked.
 *
 * @param inbound the request
 * @param admission of the request
 * @param applied the policies, and what is counted
 * @returns what was made of it
 * @throws PolicyError, or a GatewayError when the body cannot be read; TokenError, SignatureError and GatewayError
 *   when the credential has expired in the meantime; TokenError `token_malformed` for a pattern of the token's
 *   schema that is not supported
 */
export type ApplyPolicies = (
  inbound: InboundRequest,
  admission: Admission,
  applied: AppliedPolicies,
) => Promise<CheckedRequest>;

/**
 * Creates the step that applies policies.
 *
 * @param options the largest body, the prices, how usage is read without policies, and the clock
 */
export function createPolicies({
  maxPolicyBody,
  prices,
  watchUsage,
  now = Date.now,
}: PolicyOptions): ApplyPolicies {
  const applyLayers = createLayers();
  const providerOfTarget = createProviderOfTarget();
  const checkHandshake = createHandshakeCheck(prices, now);
  return async (inbound, admission, { layers, lifetime, counts }) => {
    const { target } = admission;
    const provider = providerOfTarget(target);
    let read: ReadBody | undefined;
    try {
      // An MCP server bills no tokens.
      const rules = guardRules(layers, provider === "mcp" ? undefined : counts);
      if (namesWebSocket(inbound.request.headers)) {
        const checked = await checkHandshake({ inbound, target, provider }, layers, rules);
        if (checked) return checked;
      }
      read = await readBody(inbound, admission, { lifetime, maxPolicyBody, now });
      const body = applyLayers(read?.document.value, layers, uncoveredQuery(admission));
      const request = { inbound, target, provider, body, read, counts };
      if (rules) {
        // A refusal needs no prices, but this is the last moment to wait for them.
        if (provider !== undefined && provider !== "mcp") await prices.load();
        return guardRequest(request, rules, { table: prices, now: now() });
      }
      replaceBody(inbound, body, read);
      const watched = await watchUsage(inbound.request, target);
      const checked = { edits: [], ...watched, hasBody: !!read };
      return counts ? { ...checked, bound: FREE } : checked;
    } catch (error) {
      if (!(error instanceof PolicyError) || provider !== "mcp") throw error;
      throw error.forMessage(mcpMessageId(read?.document.value));
    }
  };
}

/** The query that the client chose. Empty where a signature covers it: then the signer chose it. */
function uncoveredQuery({ grant, target }: Admission): string {
  return grant.coversQuery ? "" : target.url.search.slice(1);
}

interface ReadingOptions {
  /** The longest time for reading, in milliseconds. */
  lifetime: number;
  maxPolicyBody: number;
  now: () => number;
}

/** Reads the body of a request whose credential is still valid then. */
async function readBody(
  inbound: InboundRequest,
  admission: Admission,
  { lifetime: longest, maxPolicyBody, now }: ReadingOptions,
): Promise<ReadBody | undefined> {
  const { credential } = admission.grant;
  const { expiresAt = Infinity } = credential;
  const limit = Math.min(maxPolicyBody, bodyLimit(admission));
  const lifetime = Math.min(longest, expiresAt - now());
  const document = await readJsonBody(inbound, { limit, lifetime });
  assertCurrent(credential, now());
  return document && { document, bytes: inbound.body.known! };
}

interface ReadRequest {
  inbound: InboundRequest;
  target: AuthorizedTarget;
  provider: ProviderName | undefined;
  /** After the patches and schemas. */
  body: JsonValue | undefined;
  /** As it was read. */
  read: ReadBody | undefined;
  /** What limits count of it. `undefined`: nothing. */
  counts: Counts | undefined;
}

function guardRequest(
  { inbound, target, provider, body, read, counts }: ReadRequest,
  rules: GuardRules,
  prices: CurrentPrices,
): CheckedRequest {
  const { method, headers } = inbound.request;
  const { url, rule } = target;
  const rulePath = rule.url?.pathname ?? "/";
  const readsUsage = rule.usage !== false || counts !== undefined;
  const input = { provider, method, url, rulePath, headers, body };
  const guarded = guard(input, { ...rules, readsUsage });
  replaceBody(inbound, guarded.body, read);
  const request = { inbound, provider, guarded, read, readsUsage, isCounted: counts !== undefined };
  return checkedRequest(request, prices);
}

/** Sends exactly what was checked. */
function replaceBody(
  { body }: InboundRequest,
  value: JsonValue | undefined,
  read: ReadBody | undefined,
): void {
  if (read && value !== undefined) {
    body.replace(formatJsonBytes(value, read.document, read.bytes));
  }
}
