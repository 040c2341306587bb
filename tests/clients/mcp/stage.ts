import type { ConfigInput } from "../../../lib/config/schema.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { requirement } from "../../support/requirement.ts";
import { folderWith } from "../../support/folder.ts";
import type { Report } from "./server/report.ts";

/** What the MCP server asks for, and the gateway adds. */
export const KEY = "operators-key-of-the-mcp-server";

/** Node, in which the MCP server runs; or the reason why there is none. */
export const node = await requirement("node", async () => {
  const path = Bun.which("node");
  if (!path) throw new Error("there is no node in PATH");
  return path;
});

/** A gateway with an MCP server behind it, each a process of its own. */
export interface Stage extends AsyncDisposable {
  gateway: ConfiguredGateway;
  /** The origin of the MCP server. */
  server: string;
  /** What the server has told so far. */
  reports: readonly Report[];
  /** The URL at the gateway for a path of the server. */
  at: (path: string, token?: string) => string;
}

/** Starts both. The gateway's settings are those of `configFor`, with these over them. */
export async function startStage(settings: ConfigInput = {}): Promise<Stage> {
  const server = await startServer();
  const { host } = new URL(server.url);
  const gateway = await startConfigured({ ...configFor(server.url), ...settings }).catch(
    async (error: unknown) => {
      await server.stop();
      throw error;
    },
  );
  return {
    gateway,
    server: server.url,
    reports: server.reports,
    at: (path, token) => `${gateway.url}/${token === undefined ? "" : `~${token}/`}${host}${path}`,
    [Symbol.asyncDispose]: async () => {
      const code = await gateway.stop();
      await server.stop();
      // It ends with an error when the gateway has written a token or a secret.
      if (code !== 0) throw new Error(`the gateway ended with ${code}`);
    },
  };
}

function configFor(server: string): ConfigInput {
  const headers = { Authorization: `Bearer ${KEY}` };
  return {
    sse_heartbeat: 1,
    app: [
      {
        id: CREDENTIAL.id,
        secrets: [CREDENTIAL.secret],
        upstream: [
          { url: `${server}/`, headers },
          { url: `${server}/brief`, headers, idle_timeout: 2 },
          { url: `${server}/wrong_key`, headers: { Authorization: "Bearer of another server" } },
        ],
      },
    ],
  };
}

/** An MCP server as a process. */
export interface McpServer {
  /** Its origin. */
  url: string;
  /** What it has told so far. */
  reports: readonly Report[];
  stop: () => Promise<void>;
}

/** Starts it, in Node. */
export async function startServer(): Promise<McpServer> {
  if ("reason" in node) throw new Error(node.reason);
  const folder = await folderWith();
  const script = await bundle(`${import.meta.dirname}/server/main.ts`, "node", folder.path("."));
  const reports: Report[] = [];
  const started = Promise.withResolvers<string>();
  const child = Bun.spawn([node.value, script], {
    env: { ...process.env, MCP_KEY: KEY },
    stdout: "inherit",
    stderr: "inherit",
    serialization: "json",
    ipc: (message: Report | { url: string }) => {
      if ("url" in message) started.resolve(message.url);
      else reports.push(message);
    },
    onExit: (_, code) => started.reject(new Error(`the MCP server ended with ${code}`)),
  });
  const stop = async () => {
    child.kill();
    await child.exited;
    await folder[Symbol.asyncDispose]();
  };
  return { url: await started.promise, reports, stop };
}

/** Makes one file of a script and all that it imports. Returns its path. */
export async function bundle(
  entry: string,
  target: "node" | "browser",
  outdir: string,
): Promise<string> {
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    outdir,
    naming: `[name].${target}.mjs`,
    target,
  });
  return outputs[0]?.path ?? "";
}
