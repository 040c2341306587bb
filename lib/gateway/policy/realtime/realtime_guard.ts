import {
  formatJsonLike,
  type JsonDocument,
  JsonError,
  readStrictJson,
} from "../../../signing/verify.ts";
import type { SocketGuard } from "../../model/socket_guard.ts";
import { PolicyError } from "../../problem/policy_error.ts";
import { violation } from "../guard/refuse.ts";
import { paramOf } from "../param.ts";
import { checkEvent, type EventRules } from "./check_event.ts";

/**
 * Creates the guard of a session of the realtime API.
 *
 * @param rules of all policies
 * @returns it sends a `session.update` of its own before anything of the client, and checks each event
 */
export function createRealtimeGuard(rules: EventRules): SocketGuard {
  return {
    explain: ({ code, detail: text, param = null }) =>
      JSON.stringify({
        type: "error",
        event_id: `event_${crypto.randomUUID()}`,
        error: { type: "invalid_request_error", code, message: text, param, event_id: null },
      }),
    first: [JSON.stringify({ type: "session.update", session: ownSession(rules) })],
    check(message) {
      if (typeof message !== "string") throw violation("", "a binary message is not granted.");
      const document = readMessage(message);
      return formatJsonLike(checkEvent(document.value, rules), document);
    },
  };
}

function ownSession({ allow, form, maxOutputTokens, system }: EventRules): object {
  return {
    ...form.session,
    ...(maxOutputTokens !== undefined && { [form.cap]: maxOutputTokens }),
    ...(system !== undefined && { instructions: system }),
    // A session may begin with tools that the account keeps for it.
    ...(![...allow].some((entry) => /^tools(:|$)/.test(entry)) && { tools: [] }),
  };
}

function readMessage(message: string): JsonDocument {
  try {
    return readStrictJson(message);
  } catch (error) {
    if (!(error instanceof JsonError)) throw error;
    const { message: reason, pointer } = error;
    throw new PolicyError("body_malformed", {
      detail: `A policy applies to each message, and refuses one: ${reason}.`,
      reason,
      ...(pointer !== undefined && { param: paramOf(pointer) }),
    });
  }
}
