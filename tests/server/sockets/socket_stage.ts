import { afterAll } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { CREDENTIAL, type LogLine } from "../../support/gateway.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { granting } from "../../support/minted.ts";
import {
  type OpenSocket,
  openSignedSocket,
  openSocket,
} from "../../support/sockets/open_socket.ts";
import { closePayload, frame, OPCODE } from "../../support/sockets/frames.ts";
import type { SocketPeer } from "../../support/sockets/socket_peer.ts";
import {
  type Answer,
  type SocketUpstream,
  startSocketUpstream,
} from "../../support/sockets/socket_upstream.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";

type AppInput = NonNullable<ConfigInput["app"]>[number];
type RuleInput = NonNullable<AppInput["upstream"]>[number];

/** Both sides of a tunnel. */
export interface Pair {
  client: OpenSocket;
  server: SocketPeer;
}

/** A gateway with one upstream for WebSockets. */
export interface SocketStage extends AsyncDisposable {
  gateway: ConfiguredGateway;
  upstream: SocketUpstream;
  /** The path of a request with a token to the upstream. */
  path: string;
  /** Opens a WebSocket by a signed URL: both sides of it. */
  open: (headers?: readonly string[]) => Promise<Pair>;
  /** Opens one by a token that grants this. */
  openWith: (
    sw: object,
    claims?: Record<string, unknown>,
    headers?: readonly string[],
  ) => Promise<Pair>;
}

/** What differs from a plain stage. */
export interface StageOptions {
  /** Settings at the top. */
  top?: Omit<ConfigInput, "app">;
  app?: Partial<AppInput>;
  rule?: Partial<RuleInput>;
  answer?: (handshake: HttpMessage) => Answer;
}

/** Starts a stage. */
export async function startSocketStage(options: StageOptions = {}): Promise<SocketStage> {
  const { top, app, rule, answer } = options;
  const upstream = await startSocketUpstream(answer);
  const url = upstream.url.replace("ws", "http");
  const { id, secret } = CREDENTIAL;
  const gateway = await startConfigured({
    ...top,
    app: [{ id, secrets: [secret], upstream: [{ url, ...rule }], ...app }],
  });
  const path = `/127.0.0.1:${upstream.port}/socket`;
  const pair = async (client: Promise<OpenSocket>): Promise<Pair> => ({
    client: await client,
    server: await upstream.next(),
  });
  return {
    gateway,
    upstream,
    path,
    open: (headers) => pair(openSignedSocket(gateway, `${upstream.url}/`, headers)),
    openWith(sw, claims, headers = []) {
      const token = granting(sw, claims && { claims });
      return pair(openSocket(gateway, path, [`Authorization: Bearer ${token}`, ...headers]));
    },
    async [Symbol.asyncDispose]() {
      await gateway.stop();
      await upstream[Symbol.asyncDispose]();
    },
  };
}

/**
 * A binary message of this size and a close frame, to be written at once: a close frame that comes later is not read
 * while the other side has no room.
 */
export function lastFrames(size: number, code: number, isMasked: boolean): Buffer {
  return Buffer.concat([
    frame(OPCODE.binary, Buffer.alloc(size), { isMasked }),
    frame(OPCODE.close, closePayload(code), { isMasked }),
  ]);
}

/** Starts a stage for the tests of a file. */
export async function stageOfFile(options?: StageOptions): Promise<SocketStage> {
  const stage = await startSocketStage(options);
  afterAll(() => stage[Symbol.asyncDispose]());
  return stage;
}

/** The record of a WebSocket, when it has ended. Others may end meanwhile. */
export function recordOfSocket(
  { gateway }: Pick<SocketStage, "gateway">,
  { answer }: OpenSocket,
): Promise<LogLine> {
  const [id] = answer.all("x-sw-request-id");
  return gateway.waitForRecord((record) => record["request_id"] === id);
}

/** The record of the exchange that ended as the given one in order, from 1. */
export async function recordOf({ gateway }: SocketStage, count = 1) {
  await gateway.waitForRecord(() => gateway.records().length >= count);
  return gateway.records()[count - 1]!;
}
