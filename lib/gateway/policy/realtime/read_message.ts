import { type JsonDocument, JsonError, readStrictJson } from "../../../signing/verify.ts";
import { PolicyError } from "../../problem/policy_error.ts";
import { paramOf } from "../param.ts";

/**
 * Parses a message as strictly as a body.
 *
 * @param message of a client
 * @throws PolicyError `body_malformed`
 */
export function readMessage(message: string): JsonDocument {
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
