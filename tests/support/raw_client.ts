import { connect as connectSocket, type Socket } from "node:net";
import { createFirstResponse, type FirstResponse } from "./collect_messages.ts";
import { type HttpMessage, toBytes } from "./http_message.ts";
import { waitFor } from "./wait_for.ts";

/** A TCP connection that sends bytes exactly as given and keeps every byte it gets. */
export interface RawClient {
  socket: Socket;
  /** A string goes out as Latin-1. Resolves when the kernel has taken the bytes. */
  write: (data: string | Uint8Array) => Promise<void>;
  /** Half-closes: FIN, and the other direction stays open. */
  end: () => void;
  /** Ends the connection with RST. */
  reset: () => void;
  /** Every byte so far. */
  received: () => Buffer;
  /** How the connection ended, undefined while it is open. */
  ended: () => "fin" | "reset" | undefined;
  /** Resolves with the way it ended. */
  closed: (limitMs?: number) => Promise<"fin" | "reset">;
  /** The head of the first final response, once it is there. */
  responseHead: (limitMs?: number) => Promise<HttpMessage>;
  /** The first final response as a whole; `method` says that it answers a HEAD. */
  response: (method?: string, limitMs?: number) => Promise<HttpMessage>;
  /** Returns a function that tells, at each call, how much of that response has come. */
  follow: (method?: string) => () => FirstResponse;
  [Symbol.dispose]: () => void;
}

/** Opens a connection to a port of the loopback address. */
export async function connect(port: number): Promise<RawClient> {
  const socket = connectSocket({ host: "127.0.0.1", port, allowHalfOpen: true });
  const chunks: Buffer[] = [];
  let ended: "fin" | "reset" | undefined;
  socket.on("data", (chunk: Buffer) => chunks.push(chunk));
  socket.on("end", () => (ended ??= "fin"));
  socket.on("error", () => (ended = "reset"));
  await new Promise<void>((resolve, reject) => {
    socket.once("connect", resolve);
    socket.once("error", reject);
  });
  const follow = (method?: string): (() => FirstResponse) => {
    const response = createFirstResponse(method);
    let read = 0;
    return () => {
      for (; read < chunks.length; read += 1) response.push(chunks[read]!);
      if (ended !== undefined) response.close();
      return response;
    };
  };
  return {
    socket,
    received: () => Buffer.concat(chunks),
    write: (data) => new Promise((resolve) => socket.write(toBytes(data), () => resolve())),
    end: () => socket.end(),
    reset: () => socket.resetAndDestroy(),
    ended: () => ended,
    closed: (limitMs) => waitFor("the end of the connection", () => ended, limitMs),
    responseHead(limitMs) {
      const response = follow();
      return waitFor("the head of a response", () => response().head(), limitMs);
    },
    response(method, limitMs) {
      const response = follow(method);
      return waitFor("a response", () => response().message(), limitMs);
    },
    follow,
    [Symbol.dispose]: () => socket.destroy(),
  };
}

/**
 * Sends the bytes on a connection of their own; every byte up to the end of the response, or to the
 * close.
 */
export async function exchange(port: number, bytes: string | Uint8Array): Promise<Buffer> {
  using client = await connect(port);
  const method = toBytes(bytes).toString("latin1").split(" ", 1)[0];
  const response = client.follow(method);
  await client.write(bytes);
  await waitFor(
    "a response or the close",
    () => client.ended() !== undefined || response().message(),
  );
  return client.received();
}

/** The first response that is not of the 1xx kind; undefined while it is incomplete. */
export function parseResponse(
  bytes: Buffer,
  closed = true,
  method = "GET",
): HttpMessage | undefined {
  const response = createFirstResponse(method);
  response.push(bytes);
  if (closed) response.close();
  return response.message();
}
