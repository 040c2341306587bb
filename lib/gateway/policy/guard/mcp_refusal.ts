import { isJsonObject, JsonNumber, type JsonValue } from "../../../signing/verify.ts";
import type { PolicyError } from "../../problem/policy_error.ts";
import { type JsonRpcError, jsonRpcError } from "../../providers/mcp/refusal.ts";

/**
 * The refusal of a request to an MCP server, as a JSON-RPC error. It is sent with the status of the code.
 *
 * @param body of the request, which has the id; `undefined` when it could not be read
 * @param error of the guard
 */
export function mcpRefusal(body: JsonValue | undefined, error: PolicyError): JsonRpcError {
  const { code, detail, param } = error;
  return jsonRpcError(idOf(body), { code, message: detail, param });
}

function idOf(body: JsonValue | undefined): string | number | null {
  const id = isJsonObject(body) ? body["id"] : undefined;
  if (id instanceof JsonNumber) return id.valueOf();
  return typeof id === "string" || typeof id === "number" ? id : null;
}
