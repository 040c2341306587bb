import { afterAll } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { granting } from "../../support/minted.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { plainExchange } from "../../support/signed_exchange.ts";
import { openSocket } from "../../support/sockets/open_socket.ts";
import { type Answer, startSocketUpstream } from "../../support/sockets/socket_upstream.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";

/** The secret parameter: its name, its value, and the value as it is sent. */
export const NAME = "api_key";
export const SECRET = "canary+key/0a1b 2c3d&4e5f==ü";
export const SENT = "canary%2Bkey%2F0a1b%202c3d%264e5f%3D%3D%C3%BC";

/** The secret of another route, which is well-formed as the id of a request. */
export const PLAIN = "canary-0a1b2c3d-4e5f";

/** How a request may come to an upstream. */
export const WAYS = ["signed URL", "token", "route", "WebSocket"] as const;
export type Way = (typeof WAYS)[number] | "plain route";

/** A gateway whose rules and route have a secret parameter. */
export interface QueryStage {
  gateway: ConfiguredGateway;
  /** Sends a request for a path and query; the request target that the upstream got. */
  send: (way: Way, pathAndQuery: string) => Promise<string>;
  /** Sends a request that the upstream answers with these header lines; the response. */
  ask: (way: Way, headers: readonly string[], status?: string) => Promise<HttpMessage>;
  /** The origin of the upstream for HTTP. */
  origin: string;
}

/** Starts a stage for the tests of a file. */
export async function queryStage(): Promise<QueryStage> {
  let script: { status?: string; headers: readonly string[] } = { headers: [] };
  const upstream = await startUpstream(() => [
    respond("fine", { status: script.status ?? "200 OK", headers: [...script.headers] }),
  ]);
  const answer = (): Answer => ({ headers: script.headers });
  const sockets = await startSocketUpstream(answer);
  const query = { [NAME]: SECRET };
  const socketUrl = sockets.url.replace("ws", "http");
  const { id, secret } = CREDENTIAL;
  const rules = [upstream.url, socketUrl].map((url) => ({ url, query }));
  const gateway = await startConfigured({
    app: [{ id, secrets: [secret], upstream: rules }],
    route: [
      { path: "/v1/x", upstream: upstream.url, signature: "none", query },
      { path: "/plain/", upstream: upstream.url, signature: "none", query: { key: PLAIN } },
    ],
  });
  afterAll(async () => {
    await gateway.stop();
    await upstream.stop();
    await sockets[Symbol.asyncDispose]();
  });

  const hosts = { http: `127.0.0.1:${upstream.port}`, socket: `127.0.0.1:${sockets.port}` };
  const bearer = () => `Authorization: Bearer ${granting({})}`;
  async function exchange(way: Way, path: string): Promise<HttpMessage> {
    if (way === "signed URL") {
      return plainExchange(gateway, "GET", signedTarget(gateway.url, upstream.url + path));
    }
    if (way === "token") {
      return plainExchange(gateway, "GET", `/${hosts.http}${path}`, { headers: [bearer()] });
    }
    if (way === "plain route") return plainExchange(gateway, "GET", `/plain${path}`);
    if (way === "route") return plainExchange(gateway, "GET", path);
    const socket = await openSocket(gateway, `/${hosts.socket}${path}`, [bearer()]);
    socket.socket.destroy();
    return socket.answer;
  }
  return {
    gateway,
    origin: upstream.url,
    async send(way, path) {
      script = { headers: [] };
      await exchange(way, path);
      const messages = way === "WebSocket" ? sockets.handshakes : upstream.requests;
      return messages.at(-1)!.startLine.split(" ")[1]!;
    },
    async ask(way, headers, status) {
      script = { headers, ...(status !== undefined && { status }) };
      return exchange(way, "/v1/x?page=2");
    },
  };
}
