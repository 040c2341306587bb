import { isJsonObject, JsonNumber, type JsonValue } from "../../../signing/verify.ts";

// An id is a number or a short text. A refusal repeats no more of a body than that.
const MAX_LENGTH = 128;

/**
 * The id of a message of JSON-RPC (https://www.jsonrpc.org/specification#request_object), for its refusal.
 *
 * @param body of the request; `undefined` when it could not be read
 * @returns `null` when it has none, or one of more than 128 characters
 */
export function mcpMessageId(body: JsonValue | undefined): string | number | null {
  const id = isJsonObject(body) ? body["id"] : undefined;
  if (id instanceof JsonNumber) return id.valueOf();
  if (typeof id === "number") return id;
  return typeof id === "string" && id.length <= MAX_LENGTH ? id : null;
}
