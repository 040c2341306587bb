import type { IncomingMessage, ServerResponse } from "node:http";
import { McpServer } from "@modelcontextprotocol/sdk/server/mcp.js";
import { StreamableHTTPServerTransport as Transport } from "@modelcontextprotocol/sdk/server/streamableHttp.js";
import { createEventStore } from "./event_store.ts";
import { reportCancelled } from "./report.ts";
import { count, INPUTS, PROMPT, RESOURCE, textResult } from "./tools.ts";

const sessions = new Map<string, Transport>();

/** Answers as a server that keeps sessions, with streams that can be resumed. */
export async function serveSessions(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const known = sessions.get(String(request.headers["mcp-session-id"]));
  if (known) return known.handleRequest(request, response);
  const transport = new Transport({
    sessionIdGenerator: () => crypto.randomUUID(),
    onsessioninitialized: (session) => void sessions.set(session, transport),
    onsessionclosed: (session) => void sessions.delete(session),
    eventStore: createEventStore(),
    // Time enough to see that a stream is closed: until then its next one is a conflict.
    retryInterval: 300,
  });
  await connect(createServer(request.url), transport);
  await transport.handleRequest(request, response);
}

/** Answers as a server without sessions: each request is for a new instance. */
export async function serveStateless(
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  if (request.method !== "POST") return void response.writeHead(405).end();
  const transport = new Transport();
  await connect(createServer(request.url), transport);
  await transport.handleRequest(request, response);
}

// The transport's own types are not those of exactOptionalPropertyTypes.
const connect = (server: McpServer, transport: Transport): Promise<void> =>
  server.connect(transport as Parameters<McpServer["connect"]>[0]);

function createServer(target: string | undefined): McpServer {
  const capabilities = { tools: { listChanged: true } };
  const server = new McpServer({ name: "notes", version: "1.0.0" }, { capabilities });
  server.registerTool("echo", { inputSchema: INPUTS.echo }, ({ text }) => textResult(text));
  server.registerTool(
    "count",
    { inputSchema: INPUTS.count },
    async (input, { signal, sendNotification: notify, _meta }) => {
      const onCancelled = () => reportCancelled(target);
      const { progressToken } = _meta ?? {};
      return textResult(await count(input, { progressToken, signal, notify, onCancelled }));
    },
  );
  server.registerTool("change", { description: "Changes the list of tools." }, () => {
    server.sendToolListChanged();
    return textResult("changed");
  });
  server.registerTool("hang_up", { description: "Ends its stream early." }, (extra) => {
    extra.closeSSEStream?.();
    return textResult("answered on another stream");
  });
  server.registerResource("first", RESOURCE.uri, {}, ({ href: uri }) => ({
    contents: [{ uri, text: RESOURCE.text }],
  }));
  server.registerPrompt(PROMPT.name, {}, () => ({
    messages: [{ role: "user", content: { type: "text", text: PROMPT.text } }],
  }));
  return server;
}
