import type { SocketRefusal } from "../../model/socket_guard.ts";

/**
 * An `error` event of the realtime API, which its clients read.
 *
 * @param refusal the code, the sentence for the client, and the member at fault
 * @returns the event as text
 */
export function errorEvent({
  code,
  detail: message,
  param = null,
}: Omit<SocketRefusal, "param"> & {
  param?: string | null | undefined;
}): string {
  const error = { type: "invalid_request_error", code, message, param, event_id: null };
  return JSON.stringify({ type: "error", event_id: `event_${crypto.randomUUID()}`, error });
}
