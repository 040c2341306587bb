// An MCP server as a process of its own: the official SDKs, behind a check of the operator's key.
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { serveModern } from "./modern.ts";
import { serveSessions, serveStateless } from "./older.ts";
import { reportRequest } from "./report.ts";

const HEADERS = [
  "mcp-session-id",
  "mcp-protocol-version",
  "mcp-method",
  "mcp-name",
  "mcp-param-city",
  "last-event-id",
];
const KEY = process.env["MCP_KEY"];

type Serve = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>;

const PATHS: Readonly<Record<string, Serve>> = {
  "/mcp": serveSessions,
  // The gateway has other settings for these two.
  "/brief": serveSessions,
  "/wrong_key": serveSessions,
  "/stateless": serveStateless,
  "/modern": serveModern,
  "/moved": (_, response) => void response.writeHead(307, { Location: "/mcp" }).end(),
  "/echo": ({ headers }, response) => {
    for (const name of HEADERS) response.setHeader(name, headers[name] ?? "");
    response.end();
  },
  "/scope": (_, response) => refuse(response, 403, 'error="insufficient_scope", scope="admin", '),
};

const server = createServer(async (request, response) => {
  reportRequest("request", request);
  response.once("close", () => {
    if (!response.writableFinished) reportRequest("closed", request);
  });
  if (request.headers.authorization !== `Bearer ${KEY}`) return refuse(response, 401);
  const [path = ""] = request.url?.split("?") ?? [];
  const serve = PATHS[path];
  if (serve) await serve(request, response);
  else response.writeHead(404).end();
});
server.listen(0, "127.0.0.1", () => process.send?.({ url: origin() }));

function origin(): string {
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** Asks the client to look for an authorization server: RFC 9728, section 5.1. */
function refuse(response: ServerResponse, status: number, error = ""): void {
  const metadata = `${origin()}/.well-known/oauth-protected-resource`;
  const challenge = `Bearer ${error}resource_metadata="${metadata}"`;
  response.writeHead(status, { "WWW-Authenticate": challenge }).end("the words of the server");
}
