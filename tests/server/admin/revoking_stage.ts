import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { signToken, type TokenOptions } from "../../../lib/signing/mod.ts";
import { freePort } from "../../support/free_port.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";

export const ADMIN_TOKEN = "an admin token of more than 16 bytes".replaceAll(" ", "-");

/** A gateway with an admin API. */
export interface AdminGateway extends ConfiguredGateway {
  admin: string;
  /** Asks the admin API with the token. */
  api: (path: string, init?: RequestInit) => Promise<{ status: number; body: any }>;
  /** Makes or lifts a revocation. */
  revoke: (body: object, method?: string) => Promise<{ status: number; body: any }>;
}

/** Starts a gateway with an admin API and these variables in its environment, and waits for all of its workers. */
export async function startAdmin(
  upstream: string,
  more: Partial<ConfigInput> = {},
  env: Record<string, string> = {},
): Promise<AdminGateway> {
  const { id, secret } = CREDENTIAL;
  const port = await freePort();
  const config: ConfigInput = {
    admin: `127.0.0.1:${port}`,
    admin_token: ADMIN_TOKEN,
    app: [{ id, secrets: [secret], upstream: [{ url: upstream, provider: "openai" }] }],
    ...more,
  };
  const gateway = await startConfigured(config, env);
  const count = typeof more.workers === "number" ? more.workers : 1;
  const listening = () => gateway.lines().filter(({ msg }) => msg === "listening");
  await waitFor("all workers", () => listening().length === count);
  const admin = `http://127.0.0.1:${port}`;
  const api = async (path: string, init: RequestInit = {}) => {
    const headers = { Authorization: `Bearer ${ADMIN_TOKEN}`, ...init.headers };
    const response = await fetch(admin + path, { ...init, headers });
    return { status: response.status, body: await response.json() };
  };
  const revoke = (body: object, method = "POST") =>
    api("/api/revocations", {
      method,
      headers: { "Content-Type": "application/json" },
      body: JSON.stringify(body),
    });
  return { ...gateway, admin, api, revoke };
}

/** An API with a stream that never ends, a WebSocket, and plain answers. */
export function startEndless() {
  const server = Bun.serve<undefined>({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch(request, bun) {
      if (request.headers.has("upgrade")) return bun.upgrade(request) ? undefined : new Response();
      if (!request.url.includes("completions")) return new Response("plain");
      const body = new ReadableStream({
        start: (controller) => controller.enqueue('data: {"hello":1}\n\n'),
      });
      return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
    },
    websocket: { open: (socket) => void socket.send("hello"), message() {} },
  });
  return { url: server.url.origin, host: server.url.host, stop: () => server.stop(true) };
}

/** Signs a token of the test's app. */
export function tokenOf(more: Partial<TokenOptions>): Promise<string> {
  return signToken({ ...CREDENTIAL, ...more });
}

const authorized = (token: string) => ({ headers: { Authorization: `Bearer ${token}` } });

/** An exchange that is open, until something ends it. */
export interface OpenOne {
  text: () => string;
  ended: Promise<string>;
}

/** Opens a stream, and waits for its first event. */
export async function openStream(
  gateway: { url: string },
  host: string,
  token: string,
): Promise<OpenOne> {
  const url = `${gateway.url}/${host}/v1/chat/completions`;
  const response = await fetch(url, authorized(token));
  let text = "";
  const ended = (async () => {
    const decoder = new TextDecoder();
    for await (const piece of response.body!) text += decoder.decode(piece);
    return text;
  })();
  ended.catch(() => {});
  await waitFor("the first event", () => text.includes("hello"));
  return { text: () => text, ended };
}

/** Opens a WebSocket, and waits for its first message; it ends with the code and the reason. */
export async function openSocket(
  gateway: { url: string },
  host: string,
  token: string,
): Promise<OpenOne> {
  const url = `${gateway.url.replace("http", "ws")}/${host}/socket`;
  // The types of browsers know no headers.
  const socket = new WebSocket(url, authorized(token) as never);
  let text = "";
  socket.onmessage = ({ data }) => void (text += data);
  const ended = new Promise<string>((resolve) => {
    socket.onclose = ({ code, reason }) => resolve(`${code} ${reason}`);
  });
  await waitFor("the first message", () => text === "hello");
  return { text: () => text, ended };
}

/** Asks for a plain answer; the code of a refusal or the status. */
export async function ask(gateway: { url: string }, host: string, token: string): Promise<string> {
  const response = await fetch(`${gateway.url}/${host}/plain`, authorized(token));
  await response.arrayBuffer();
  return response.headers.get("x-sw-problem") ?? String(response.status);
}

/** A folder for a ledger. */
export function ledgerFolder(): Disposable & { ledger: string } {
  const folder = mkdtempSync(join(tmpdir(), "signway-ledger-"));
  return {
    ledger: `sqlite:${join(folder, "ledger.db")}`,
    [Symbol.dispose]: () => rmSync(folder, { recursive: true }),
  };
}
