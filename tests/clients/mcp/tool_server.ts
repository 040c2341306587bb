import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { WebStandardStreamableHTTPServerTransport as Transport } from "@modelcontextprotocol/sdk/server/webStandardStreamableHttp.js";
import { textResult } from "./server/tools.ts";

/** An MCP server in this process, without sessions. */
export interface ToolServer {
  url: URL;
  /** The tools that were called. */
  calls: readonly string[];
  stop: () => Promise<void>;
}

/** Starts an MCP server with a key, whose tools answer with their names. */
export function startToolServer(key: string, tools: readonly string[]): ToolServer {
  const calls: string[] = [];
  const createServer = (): McpServer => {
    const server = new McpServer({ name: "tools", version: "1.0.0" });
    for (const name of tools) {
      server.registerTool(name, { description: `It is ${name}.` }, () => {
        calls.push(name);
        return textResult(`This is ${name}`);
      });
    }
    return server;
  };
  const server = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    async fetch(request) {
      if (request.headers.get("authorization") !== `Bearer ${key}`) {
        return new Response("Bad credentials", { status: 401 });
      }
      if (request.method !== "POST") return new Response(null, { status: 405 });
      const transport = new Transport();
      // The transport's own types are not those of exactOptionalPropertyTypes.
      await createServer().connect(transport as Parameters<McpServer["connect"]>[0]);
      return transport.handleRequest(request);
    },
  });
  return { url: server.url, calls, stop: () => server.stop(true) };
}
