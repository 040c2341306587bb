// Of the codes that JSON-RPC leaves to servers, one that no revision of MCP gives a meaning.
const FORBIDDEN = -32_003;

/** A refusal of the gateway. */
export interface McpRefusal {
  code: string;
  /** For people. */
  message: string;
  /** The place in the request. Absent: no single one. */
  param?: string | undefined;
}

/** A JSON-RPC error (https://www.jsonrpc.org/specification#error_object). */
export interface JsonRpcError {
  jsonrpc: "2.0";
  id: string | number | null;
  error: { code: number; message: string; data: Record<string, string> };
}

/**
 * A refusal in the form that clients of MCP read.
 *
 * @param id of the request; `null` when it has none that can be read
 * @param refusal of the gateway
 */
export function jsonRpcError(
  id: string | number | null,
  { code, message, param }: McpRefusal,
): JsonRpcError {
  const data = { code, ...(param !== undefined && { param }) };
  return { jsonrpc: "2.0", id, error: { code: FORBIDDEN, message, data } };
}
