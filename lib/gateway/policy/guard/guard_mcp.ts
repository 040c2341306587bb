import { isJsonObject, type JsonObject, type JsonValue } from "../../../signing/verify.ts";
import type { ResponseEdit } from "../../model/response_edit.ts";
import { MCP_PATHS } from "../../providers/mcp/methods.ts";
import { checkMcpMessage } from "./check_mcp_message.ts";
import { notGranted } from "./find_operation.ts";
import { forwardedHeaders } from "./forwarded_headers.ts";
import type { Guarded, GuardInput, GuardRules } from "./guard_types.ts";
import { withMember } from "./members.ts";
import { violation } from "./refuse.ts";
import { isToolGranted, type ToolLists } from "./tool_lists.ts";

/**
 * Guards a request to an MCP server over streamable HTTP: a POST with one JSON-RPC message, and the GET and DELETE of
 * earlier revisions.
 *
 * @throws PolicyError `operation_not_granted`, `policy_violation`
 */
export function guardMcp(input: GuardInput, rules: GuardRules): Guarded {
  const { url, body } = input;
  assertEndpoint(input);
  if (url.search.length > 1) throw violation("?", "a request to an MCP server has no query.");
  const response = input.method === "POST" ? checkPost(input, rules) : checkOther(input, rules);
  const isAnswerRead = response !== undefined;
  return {
    body,
    edits: [],
    isForwardedHeader: forwardedHeaders(rules.allow, { isAnswerRead, isMcp: true }),
    ...(response && { response }),
  };
}

function assertEndpoint({ url, rulePath }: GuardInput): void {
  const { pathname } = url;
  const base = rulePath.endsWith("/") ? rulePath.slice(0, -1) : rulePath;
  if (pathname === rulePath || MCP_PATHS.some((path) => pathname === base + path)) return;
  throw notGranted("The path is not that of the MCP server in the rule's url.");
}

function checkPost({ body, headers }: GuardInput, rules: GuardRules): ResponseEdit | undefined {
  if (Array.isArray(body)) throw violation("", "it must be one JSON-RPC message, and no list.");
  if (!isJsonObject(body)) throw violation("", "it must be a JSON-RPC message.");
  checkMcpMessage(body, headers, rules);
  return body["method"] === "tools/list" ? grantedTools(rules.tools) : undefined;
}

/** A GET opens a stream of messages, or goes on with one, in which a list of tools may be. */
function checkOther(
  { method, headers, body }: GuardInput,
  { tools }: GuardRules,
): ResponseEdit | undefined {
  if (body !== undefined) throw violation("", "only a POST has a body.");
  if (method === "GET" && headers.get("accept")?.includes("text/event-stream")) {
    return grantedTools(tools);
  }
  if (method === "DELETE" && headers.has("mcp-session-id")) return undefined;
  throw notGranted("An MCP server has a POST, a GET of a stream, and a DELETE of a session.");
}

/** Only the granted tools of a list. */
function grantedTools(lists: ToolLists): ResponseEdit | undefined {
  if (lists.length === 0) return undefined;
  const isGranted = (tool: JsonValue) => isJsonObject(tool) && isToolGranted(tool["name"], lists);
  const edit = (document: JsonValue): JsonValue => {
    if (Array.isArray(document)) return document.map(edit);
    if (!isJsonObject(document)) return document;
    const { result } = document;
    return isJsonObject(result)
      ? withMember(document, ["result"], withTools(result, isGranted))
      : document;
  };
  return { marker: "tools", edit };
}

function withTools(result: JsonObject, isGranted: (tool: JsonValue) => boolean): JsonObject {
  const { tools } = result;
  if (tools === undefined) return result;
  return withMember(result, ["tools"], Array.isArray(tools) ? tools.filter(isGranted) : []);
}
