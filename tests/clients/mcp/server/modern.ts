import type { IncomingMessage, ServerResponse } from "node:http";
import { toNodeHandler } from "@modelcontextprotocol/node";
import { createMcpHandler, McpServer } from "@modelcontextprotocol/server";
import { z } from "zod";
import { reportCancelled } from "./report.ts";
import { count, INPUTS, PROMPT, RESOURCE, textResult } from "./tools.ts";

const handler = createMcpHandler(({ requestInfo }) => createServer(requestInfo?.url), {
  legacy: "reject",
});

const serve = toNodeHandler(handler);

/** Answers as a server of the protocol of 2026-07-28, which has neither sessions nor GET streams. */
export function serveModern(request: IncomingMessage, response: ServerResponse): Promise<void> {
  // The handler's own types are not those of exactOptionalPropertyTypes.
  return serve(request as Parameters<typeof serve>[0], response);
}

function createServer(target: string | undefined): McpServer {
  const capabilities = { tools: { listChanged: true } };
  const server = new McpServer({ name: "notes", version: "2.0.0" }, { capabilities });
  server.registerTool("echo", { inputSchema: z.object(INPUTS.echo) }, ({ text }) =>
    textResult(text),
  );
  server.registerTool(
    "count",
    { inputSchema: z.object(INPUTS.count) },
    async (input, { mcpReq: { signal, notify, _meta } }) => {
      const onCancelled = () => reportCancelled(target);
      const { progressToken } = _meta ?? {};
      return textResult(await count(input, { progressToken, signal, notify, onCancelled }));
    },
  );
  server.registerTool("change", { description: "Changes the list of tools." }, () => {
    handler.notify.toolsChanged();
    return textResult("changed");
  });
  server.registerResource("first", RESOURCE.uri, {}, ({ href: uri }) => ({
    contents: [{ uri, text: RESOURCE.text }],
  }));
  server.registerPrompt(PROMPT.name, {}, () => ({
    messages: [{ role: "user", content: { type: "text", text: PROMPT.text } }],
  }));
  return server;
}
