import { isJsonObject, type JsonObject, type JsonValue } from "../../../signing/verify.ts";
import {
  ANSWERS_ENTRY,
  CALL_PARAMETERS,
  entryOf,
  FREE_METHODS,
  NAMING_PARAMETERS,
  NOTIFICATIONS,
} from "../../providers/mcp/methods.ts";
import { placeOf, violation } from "./refuse.ts";
import { isToolGranted, type ToolLists } from "./tool_lists.ts";

/** What a policy grants of an MCP server. */
export interface McpRules {
  allow: ReadonlySet<string>;
  tools: ToolLists;
}

const REQUEST_MEMBERS: readonly string[] = ["jsonrpc", "id", "method", "params"];
const ANSWER_MEMBERS: readonly string[] = ["jsonrpc", "id", "result", "error"];

/**
 * Checks a JSON-RPC message of a client, and that the headers which repeat it agree with it.
 *
 * @throws PolicyError `policy_violation`
 */
export function checkMcpMessage(message: JsonObject, headers: Headers, rules: McpRules): void {
  const { jsonrpc, method, params } = message;
  if (jsonrpc !== "2.0") throw violation("jsonrpc", 'it must be "2.0".');
  if (method === undefined) {
    checkAnswer(message, rules.allow);
    return;
  }
  assertMembers(message, REQUEST_MEMBERS);
  if (typeof method !== "string") throw violation("method", "it must be a text.");
  const isFree = FREE_METHODS.has(method) || method.startsWith(NOTIFICATIONS);
  if (!isFree && !rules.allow.has(entryOf(method))) {
    throw violation("method", "the policy does not grant the method.", entryOf(method));
  }
  const parameters = isJsonObject(params) ? params : undefined;
  if (method === "tools/call") checkCall(parameters, rules);
  checkHeaders(headers, method, parameters);
}

/** An answer to a request of the server: one to `ping`, an error, or one that the policy opens. */
function checkAnswer(message: JsonObject, allow: ReadonlySet<string>): void {
  assertMembers(message, ANSWER_MEMBERS);
  const { result } = message;
  const isEmpty = isJsonObject(result) && Object.keys(result).length === 0;
  if (result === undefined || isEmpty || allow.has(ANSWERS_ENTRY)) return;
  throw violation("result", "the policy does not grant answers to the server.", ANSWERS_ENTRY);
}

function checkCall(params: JsonObject | undefined, { allow, tools }: McpRules): void {
  if (!params) throw violation("params", "it must be an object.");
  for (const name in params) {
    if (params[name] === null || allow.has(`field:params.${name}`)) continue;
    const isKnown = CALL_PARAMETERS.has(name);
    const entry = isKnown ? CALL_PARAMETERS.get(name) : `field:params.${name}`;
    if (isKnown && (entry === undefined || allow.has(entry))) continue;
    throw violation(placeOf(["params", name]), "it is not known to be harmless.", entry);
  }
  if (isToolGranted(params["name"], tools)) return;
  const granted = tools.find((list) => !isToolGranted(params["name"], [list])) ?? [];
  throw violation(
    "params.name",
    `the tool is not granted. Granted: ${granted.join(", ") || "none"}.`,
  );
}

function assertMembers(message: JsonObject, known: readonly string[]): void {
  const unknown = Object.keys(message).find((name) => !known.includes(name));
  if (unknown !== undefined) throw violation(placeOf([unknown]), "JSON-RPC has no such member.");
}

/** A server that reads only the headers must not read another message than the one that was checked. */
function checkHeaders(headers: Headers, method: string, params: JsonObject | undefined): void {
  const sentMethod = headers.get("mcp-method");
  if (sentMethod !== null && sentMethod !== method) {
    throw violation("Mcp-Method", "the header must be the same as the method.");
  }
  const sentName = headers.get("mcp-name");
  if (sentName === null) return;
  const names = NAMING_PARAMETERS.map((name): JsonValue | undefined => params?.[name]);
  if (!names.some((name) => name !== undefined && name === decoded(sentName))) {
    throw violation("Mcp-Name", "the header must be the same as the name in the message.");
  }
}

/** The value of a header that may be written as `=?base64?…?=`; `undefined` when it is malformed. */
function decoded(value: string): string | undefined {
  const [, base64] = /^=\?base64\?([A-Za-z0-9+/]*={0,2})\?=$/.exec(value) ?? [];
  if (base64 === undefined) return value;
  try {
    const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}
