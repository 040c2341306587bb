import type { Gateway } from "../gateway.ts";
import { parseHead, type HttpMessage } from "../http_message.ts";
import { connect, type RawClient } from "../raw_client.ts";
import { signedTarget, type SignedOptions } from "../signed.ts";
import { waitFor } from "../wait_for.ts";
import { type SocketPeer, socketPeer } from "./socket_peer.ts";

/** The key of RFC 6455, section 1.3. */
export const KEY = "dGhlIHNhbXBsZSBub25jZQ==";

/** The header lines of a handshake. */
export const HANDSHAKE = [
  "Upgrade: websocket",
  "Connection: Upgrade",
  "Sec-WebSocket-Version: 13",
  `Sec-WebSocket-Key: ${KEY}`,
];

/** A client whose handshake was accepted. */
export interface OpenSocket extends SocketPeer {
  /** The head of the answer, with the status 101. */
  answer: HttpMessage;
}

/** Sends a handshake on a connection of its own; the bytes stand for themselves. */
export async function sendHandshake(
  { port }: Pick<Gateway, "port">,
  path: string,
  headers: readonly string[] = [],
): Promise<RawClient> {
  const client = await connect(port);
  const lines = [`GET ${path} HTTP/1.1`, "Host: gateway.test", ...HANDSHAKE, ...headers];
  await client.write(`${lines.join("\r\n")}\r\n\r\n`);
  return client;
}

/** Opens a WebSocket by a path; throws when it is refused. */
export async function openSocket(
  gateway: Pick<Gateway, "port">,
  path: string,
  headers: readonly string[] = [],
): Promise<OpenSocket> {
  const { socket, received } = await sendHandshake(gateway, path, headers);
  const answer = await waitFor("an answer to a handshake", () => parseHead(received()));
  if (answer.status !== 101) throw new Error(`refused: ${received().toString()}`);
  return { ...socketPeer(socket, true, received().subarray(answer.size)), answer };
}

/** Opens a WebSocket by a signed URL. */
export async function openSignedSocket(
  gateway: Pick<Gateway, "port" | "url">,
  target: string,
  headers: readonly string[] = [],
  sign: SignedOptions = {},
): Promise<OpenSocket> {
  return await openSocket(gateway, signedTarget(gateway.url, target, sign), headers);
}
