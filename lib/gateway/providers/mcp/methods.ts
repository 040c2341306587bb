/**
 * The sources that these tables were checked against: `@modelcontextprotocol/client` 2.4.0 (revision 2026-07-28) and
 * `@modelcontextprotocol/sdk` 1.32.2 (revisions until 2025-11-25), 2026-11-29.
 */
export const MCP_CHECKED =
  "@modelcontextprotocol/client 2.4.0 and @modelcontextprotocol/sdk 1.32.2 (npm), 2026-11-29";

/** The methods that need no entry of `allow`. `server/discover` is what `initialize` was before. */
export const FREE_METHODS: ReadonlySet<string> = new Set([
  "initialize",
  "logging/setLevel",
  "ping",
  "server/discover",
  "tools/call",
  "tools/list",
]);

/** The start of the methods of messages without an answer, which need no entry either. */
export const NOTIFICATIONS = "notifications/";

/** The entry of `allow` for answers to a server that asks for a sample, a file root or the user's input. */
export const ANSWERS_ENTRY = "mcp:sampling";

/** The members of the parameters of `tools/call`, each with the entry of `allow` that it needs. */
export const CALL_PARAMETERS: ReadonlyMap<string, string | undefined> = new Map([
  ["_meta", undefined],
  ["arguments", undefined],
  ["name", undefined],
  ["inputResponses", ANSWERS_ENTRY],
  ["requestState", ANSWERS_ENTRY],
  ["task", "mcp:tasks"],
]);

/** The members by which `Mcp-Name` names what a request is about. */
export const NAMING_PARAMETERS: readonly string[] = ["name", "uri", "taskId"];

/** What may stand behind the path of the rule's `url`. */
export const MCP_PATHS: readonly string[] = ["", "/mcp"];

/**
 * The entry of `allow` for a method: that of its family.
 *
 * @param method for example `resources/read`
 */
export function entryOf(method: string): string {
  const [family = method] = method.split("/");
  return `mcp:${family === "tools" ? method : family}`;
}
