import type { CheckedRequest } from "../model/checked_request.ts";
import type { AuthorizedTarget } from "../model/grant.ts";
import { isWebSocketHandshake } from "../model/handshake.ts";
import type { PriceTable } from "../usage/prices.ts";
import { TEXT_ONLY } from "../usage/rates.ts";
import { operationOf } from "./guard/find_operation.ts";
import { createProviderOfTarget } from "./provider_of_target.ts";
import { isRealtime, modelInQuery } from "./realtime/is_realtime.ts";
import { realtimeUsage } from "./realtime/realtime_usage.ts";
import { calledModel, usageReading } from "./usage_reading.ts";

/** Settings of {@link createUsageWatch}. */
export interface UsageWatchOptions {
  /** The prices of models. */
  prices: PriceTable;
  /** The current time in milliseconds since the epoch. Default: `Date.now`. */
  now?: (() => number) | undefined;
}

/**
 * Decides how the usage of a request is read that no policy guards. Its body is not looked at.
 *
 * @param request of the client
 * @param target of the request
 * @returns `undefined` when it is not read: the rule switches it off, or the request is no operation with a usage. A
 *   promise while the prices are loaded
 */
export type WatchUsage = (
  request: Pick<Request, "method" | "headers">,
  target: AuthorizedTarget,
) => CheckedRequest | undefined | Promise<CheckedRequest>;

/**
 * Creates the function that decides how usage is read without policies.
 *
 * @param options the prices and the clock
 */
export function createUsageWatch({ prices, now = Date.now }: UsageWatchOptions): WatchUsage {
  const providerOfTarget = createProviderOfTarget();
  return (request, target) => {
    const { rule, url } = target;
    const { method } = request;
    if (rule.usage === false) return undefined;
    const provider = providerOfTarget(target);
    if (provider === undefined || provider === "mcp") return undefined;
    if (provider === "openai" && isRealtime(target) && isWebSocketHandshake(request)) {
      const reading = realtimeUsage(modelInQuery(url.search), { table: prices, now: now() });
      const session = { edits: [], hasBody: false, usage: reading };
      return prices.load()?.then(() => session) ?? session;
    }
    const rulePath = rule.url?.pathname ?? "/";
    const found = operationOf({ provider, method, path: url.pathname, rulePath });
    if (!found) return undefined;
    const { operation, model } = found;
    const call = { provider, operation, media: TEXT_ONLY, outputs: 1 };
    // The cost is that of the model that the answer names. Where it names none, it is that of the model in the path.
    const priced = operation.usage?.model === undefined ? { ...call, model } : call;
    const current = { table: prices, now: now() };
    const reading = usageReading(priced, current);
    if (!reading) return undefined;
    const usage = { ...reading, called: calledModel({ ...call, model }, current) };
    const checked = { edits: [], hasBody: false, isForwardedHeader: isReadable, usage };
    return prices.load()?.then(() => checked) ?? checked;
  };
}

/** With it, the answer would have a coding. */
function isReadable(name: string): boolean {
  return name !== "accept-encoding";
}
