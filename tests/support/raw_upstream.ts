import { createServer, type AddressInfo, type Socket } from "node:net";
import { createCollector } from "./collect_messages.ts";
import { type HttpMessage, toBytes } from "./http_message.ts";
import { createHttpReader } from "./http_reader.ts";

/**
 * Ends the connection in order. After a whole response it needs `Connection: close` in its head;
 * otherwise the connection may already carry the next request, which then fails.
 */
export const FIN = Symbol("FIN");

/** Ends the connection with RST. */
export const RST = Symbol("RST");

/**
 * One thing to do in answer: write bytes (a string is Latin-1), pause for some milliseconds, end
 * the connection, or wait for a function. A script without an ending keeps the connection open; an
 * empty one never answers.
 */
export type Step =
  string | Uint8Array | number | typeof FIN | typeof RST | (() => Promise<unknown>);

/** The steps for a request; the number counts the requests from 0 over all connections. */
export type Script = Step[] | ((request: HttpMessage, number: number) => Step[]);

/** What one connection brought. */
export interface Connection {
  socket: Socket;
  /** Every byte so far. */
  received: () => Buffer;
  /** How the other side ended it, undefined while it is open. */
  ended: () => "fin" | "reset" | undefined;
}

/** A TCP server that does what its script says, well-formed or not. */
export interface RawUpstream extends AsyncDisposable {
  port: number;
  /** With no path and no slash at the end. */
  url: string;
  connections: Connection[];
  /** The requests that arrived whole, over all connections. */
  requests: HttpMessage[];
  stop: () => Promise<void>;
}

/**
 * Starts an upstream. With `answerHead` the script begins before the body of the request has come.
 */
export async function startUpstream(
  script: Script,
  { answerHead = false, host = "127.0.0.1" } = {},
): Promise<RawUpstream> {
  const connections: Connection[] = [];
  const requests: HttpMessage[] = [];
  let answered = 0;
  const answer = (socket: Socket, request: HttpMessage): void => {
    const steps = typeof script === "function" ? script(request, answered) : script;
    answered += 1;
    void play(socket, steps);
  };

  const server = createServer({ allowHalfOpen: true }, (socket) => {
    const connection = record(socket);
    connections.push(connection);
    const reader = createHttpReader();
    const collect = createCollector();
    socket.on("data", (bytes: Buffer) => {
      for (const event of reader.push(bytes)) {
        if (event.kind === "head" && answerHead) answer(socket, event.head);
        const request = collect(event);
        if (!request) continue;
        requests.push(request);
        if (!answerHead) answer(socket, request);
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const { port } = server.address() as AddressInfo;

  const stop = async (): Promise<void> => {
    for (const { socket } of connections) socket.destroy();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${port}`;
  return { port, url, connections, requests, stop, [Symbol.asyncDispose]: stop };
}

/** A whole response with a length. */
export function respond(body = "", { status = "200 OK", headers = [] as string[] } = {}): string {
  const length = `Content-Length: ${Buffer.byteLength(body, "latin1")}`;
  return [`HTTP/1.1 ${status}`, ...headers, length, "", body].join("\r\n");
}

/** One chunk of a chunked body; the empty one is the last. */
export function chunk(text: string): string {
  return `${Buffer.byteLength(text, "latin1").toString(16)}\r\n${text}\r\n`;
}

function record(socket: Socket): Connection {
  const chunks: Buffer[] = [];
  let ended: "fin" | "reset" | undefined;
  socket.on("data", (data: Buffer) => chunks.push(data));
  socket.on("end", () => {
    ended ??= "fin";
    socket.end();
  });
  socket.on("error", () => (ended = "reset"));
  return { socket, received: () => Buffer.concat(chunks), ended: () => ended };
}

async function play(socket: Socket, steps: readonly Step[]): Promise<void> {
  for (const step of steps) {
    if (socket.destroyed) return;
    if (step === FIN) socket.end();
    else if (step === RST) socket.resetAndDestroy();
    else if (typeof step === "number") await Bun.sleep(step);
    else if (typeof step === "function") await step();
    else socket.write(toBytes(step));
  }
}
