/** The request headers of MCP over HTTP, those of earlier versions included. */
export const MCP_HEADERS: ReadonlySet<string> = new Set([
  "last-event-id",
  "mcp-method",
  "mcp-name",
  "mcp-protocol-version",
  "mcp-session-id",
]);

/** The starts of names of headers by which tools get arguments. */
export const MCP_HEADER_PREFIXES: readonly string[] = ["mcp-param-"];
