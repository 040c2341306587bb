import type { HeartbeatOptions } from "../body/event_stream.ts";
import { isEncoded } from "../body/event_type.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { heartbeatForm } from "../providers/heartbeat_form.ts";
import { providerOfRule } from "../providers/provider.ts";
import type { ResponseTransfer } from "./transfer.ts";

/** The settings of a rule for heartbeats. */
export type HeartbeatRule = Pick<UpstreamRule, "provider" | "heartbeat">;

/**
 * When and how an event stream gets heartbeats.
 *
 * @param transfer the transfer of the response
 * @param headers the headers of the response
 * @param rule the settings of the rule
 * @returns `undefined` when it gets none
 */
export function heartbeatFor(
  { inbound, admission, options: { sseHeartbeat: seconds, timers } }: ResponseTransfer,
  headers: Headers,
  rule: HeartbeatRule,
): HeartbeatOptions | undefined {
  if (!(seconds > 0) || isEncoded(headers)) return undefined;
  const provider = providerOfRule(rule, admission?.target.url);
  const form = rule.heartbeat ?? heartbeatForm(provider, inbound.request.headers);
  return form && { seconds, form, timers };
}
