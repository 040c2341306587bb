import type { InboundRequest } from "../../inbound.ts";
import type { CheckedRequest } from "../../model/checked_request.ts";
import type { AuthorizedTarget } from "../../model/grant.ts";
import type { PolicyLayer } from "../../model/policy.ts";
import type { ProviderName } from "../../providers/provider.ts";
import type { PriceTable } from "../../usage/prices.ts";
import { isGuarding } from "../combine.ts";
import type { GuardRules } from "../guard/guard_types.ts";
import { guardHandshake, isGuardedApi, notGranted } from "./guard_handshake.ts";
import { MessageLayers } from "./message_layers.ts";

/** The handshake of a WebSocket under policies. */
export interface Handshake {
  inbound: InboundRequest;
  target: AuthorizedTarget;
  provider: ProviderName | undefined;
}

/**
 * Creates the check of handshakes: each policy with rules for what a request says must have `messages`, or be a shorthand
 * for an API whose messages are known.
 *
 * @param prices the prices of models
 * @param now returns the current time in milliseconds since the epoch
 * @returns a function that returns `undefined` when no policy has rules for what a WebSocket says. It throws a PolicyError,
 *   such as `websocket_not_granted`
 */
export function createHandshakeCheck(prices: PriceTable, now: () => number) {
  return async (
    { inbound, target, provider }: Handshake,
    layers: readonly PolicyLayer[],
    rules: GuardRules | undefined,
  ): Promise<CheckedRequest | undefined> => {
    const covered = layers.filter(({ policy }) => policy.messages);
    if (layers.some(({ policy }) => policy.body && !policy.messages)) {
      throw notGranted("a policy has rules for bodies, and none for messages.");
    }
    if ((rules || covered.length > 0) && !inbound.isHandshake) {
      // It would be forwarded as a plain request, whose body nobody has checked.
      throw notGranted("the request does not open one.");
    }
    const isCovered =
      !rules?.counts && layers.every(({ policy }) => policy.messages ?? !isGuarding(policy));
    if (!rules || (isCovered && !isGuardedApi({ provider, target }))) {
      if (covered.length === 0) return undefined;
      return { edits: [], hasBody: false, socket: new MessageLayers(covered) };
    }
    await prices.load();
    const handshake = { provider, target, headers: inbound.request.headers };
    const checked = guardHandshake(handshake, rules, { table: prices, now: now() });
    if (covered.length === 0) return checked;
    return { ...checked, socket: new MessageLayers(covered, checked.socket) };
  };
}
