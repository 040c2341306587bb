import type { HeartbeatOptions } from "../body/event_stream.ts";
import { isEncoded } from "../body/event_type.ts";
import type { UpstreamRule } from "../model/rule.ts";
import { heartbeatForm } from "../providers/heartbeat_form.ts";
import { providerOf } from "../providers/provider.ts";
import type { ResponseTransfer } from "./transfer.ts";

/** What a rule decides about heartbeats. */
export type HeartbeatRule = Pick<UpstreamRule, "provider" | "heartbeat">;

/**
 * When and how an event stream gets heartbeats; `undefined`: never.
 *
 * @param transfer whose client reads the stream
 * @param headers of the response
 * @param rule for the target
 */
export function heartbeatFor(
  { inbound, admission, options: { sseHeartbeat: seconds, timers } }: ResponseTransfer,
  headers: Headers,
  rule: HeartbeatRule,
): HeartbeatOptions | undefined {
  if (!(seconds > 0) || isEncoded(headers)) return undefined;
  const provider = rule.provider ?? providerOf(admission?.target.url.hostname ?? "");
  const form = rule.heartbeat ?? heartbeatForm(provider, inbound.request.headers);
  return form && { seconds, form, timers };
}
