import type { CheckedRequest } from "../../model/checked_request.ts";
import type { AuthorizedTarget } from "../../model/grant.ts";
import { PolicyError } from "../../problem/policy_error.ts";
import {
  BETA_HEADER,
  BETA_PROTOCOL,
  BETA_REALTIME,
  BETA_VALUE,
  REALTIME,
  type RealtimeForm,
} from "../../providers/openai/realtime.ts";
import type { ProviderName } from "../../providers/provider.ts";
import { isModelGranted } from "../guard/check_models.ts";
import { forwardedHeaders } from "../guard/forwarded_headers.ts";
import type { GuardRules } from "../guard/guard_types.ts";
import { isPlain, violation } from "../guard/refuse.ts";
import { FREE } from "../request_bound.ts";
import type { CurrentPrices } from "../usage_reading.ts";
import { isRealtime, modelInQuery } from "./is_realtime.ts";
import { RealtimeGuard } from "./realtime_guard.ts";
import { realtimeUsage } from "./realtime_usage.ts";

/** A handshake under policies. */
export interface GuardedHandshake {
  provider: ProviderName | undefined;
  target: AuthorizedTarget;
  /** The headers of the client. */
  headers: Headers;
}

/**
 * Guards the handshake of a WebSocket under policies with a shorthand. Its target must be OpenAI's realtime API, and
 * its query must name the model.
 *
 * @param handshake of the client
 * @param rules of all policies
 * @param prices of the moment
 * @returns the headers that are forwarded, and the guard of its messages
 * @throws PolicyError `websocket_not_granted`, `model_not_granted`, `policy_violation`
 */
export function guardHandshake(
  { provider, target, headers }: GuardedHandshake,
  rules: GuardRules,
  prices: CurrentPrices,
): CheckedRequest {
  if (!isGuardedApi({ provider, target })) {
    throw notGranted("its target is not OpenAI's realtime API.");
  }
  const model = modelOf(target.url.search);
  if (!isModelGranted(model, rules.models)) {
    const name = isPlain(model) ? `The model ${model}` : "This model";
    throw new PolicyError("model_not_granted", {
      param: "?model",
      detail: `${name} is not granted. Granted: ${rules.models.flat().join(", ")}.`,
    });
  }
  const form = formOf({ target, headers });
  const isForwarded = forwardedHeaders(rules.allow, { isAnswerRead: false, isMcp: false });
  return {
    edits: [],
    hasBody: false,
    // The client chooses the form by a sub-protocol alone, so that the API cannot read another choice than the guard.
    isForwardedHeader: (name) => name !== BETA_HEADER && isForwarded(name),
    socket: new RealtimeGuard({ ...rules, form, model }, prices),
    // The handshake itself bills nothing, and each response is reserved by itself.
    ...(rules.counts && { bound: FREE }),
    ...(target.rule.usage !== false && { usage: realtimeUsage(model, prices) }),
  };
}

/** Whether a handshake is for an API whose messages are known. */
export function isGuardedApi({
  provider,
  target,
}: Pick<GuardedHandshake, "provider" | "target">): boolean {
  return provider === "openai" && isRealtime(target);
}

/** The form that the API will speak: events of the other one would have no effect. */
function formOf({ target, headers }: Omit<GuardedHandshake, "provider">): RealtimeForm {
  const offered = listed(headers.get("sec-websocket-protocol") ?? "");
  const injected = target.rule.headers.findLast(([name]) => name.toLowerCase() === BETA_HEADER);
  const isBeta =
    offered.includes(BETA_PROTOCOL) || listed(injected?.[1] ?? "").includes(BETA_VALUE);
  return isBeta ? BETA_REALTIME : REALTIME;
}

function listed(value: string): readonly string[] {
  return value.split(",").map((entry) => entry.trim());
}

/** The model stands exactly once in the query, and nothing beside it. */
function modelOf(search: string): string {
  const model = modelInQuery(search);
  if (model !== undefined) return model;
  throw violation("?model", "the query must have exactly one model, and nothing else.");
}

/**
 * The error for a WebSocket that no policy can check.
 *
 * @param rule why, as the end of a sentence
 */
export function notGranted(rule: string): PolicyError {
  return new PolicyError("websocket_not_granted", {
    detail: `A policy has rules for what a request says, which cannot be checked for this WebSocket: ${rule}`,
    reason: rule,
  });
}
