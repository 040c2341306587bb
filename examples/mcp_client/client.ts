// Lists the tools of an MCP server, or calls one: bun client.ts [TOOL [ARGUMENTS]]
import { argv, env } from "node:process";
import { Client } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

const { MCP_URL: url, MCP_TOKEN: token } = env;
if (!url || !token) throw new Error("MCP_URL and MCP_TOKEN have to be set");

const headers = { Authorization: `Bearer ${token}` };
const transport = new StreamableHTTPClientTransport(new URL(url), { requestInit: { headers } });
const client = new Client({ name: "example", version: "1.0.0" });
await client.connect(transport);

const [, , tool, input = "{}"] = argv;
if (tool) {
  const { content } = await client.callTool({ name: tool, arguments: JSON.parse(input) });
  console.log(content);
} else {
  const { tools } = await client.listTools();
  for (const { name, description } of tools) console.log(`${name}: ${description}`);
}
await client.close();
