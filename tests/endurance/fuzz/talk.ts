import { connect } from "node:net";
import type { HttpMessage } from "../../support/http_message.ts";
import { createHttpReader, type HttpEvent } from "../../support/http_reader.ts";

/** What the gateway said on one connection. */
export interface Talk {
  heads: HttpMessage[];
  body: string;
  /** How many responses came to their end. */
  wholes: number;
  /** Everything, framing included. */
  bytes: Buffer;
  /** What was wrong with the answers' framing. */
  complaint?: string;
  /** The gateway neither closed the connection nor answered. */
  hung: boolean;
}

/** How the client behaves. */
export interface TalkOptions {
  /** Of the request. Default: `GET`. */
  method?: string;
  /** Waits for a whole response before it ends its side. Default: it ends it after a moment of silence. */
  isPatient?: boolean;
}

// Somewhat more than the runtime gives a request's head.
const PATIENCE_MS = 20_000;
// The answer to whatever was complete has begun by then; the rest waits for more.
const QUIET_MS = 80;

/** Sends bytes on a connection of their own, then ends this side and waits for the other. */
export function talk(port: number, bytes: Buffer, options: TalkOptions = {}): Promise<Talk> {
  const { method = "GET", isPatient = false } = options;
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const heads: HttpMessage[] = [];
    const received: Buffer[] = [];
    let [body, wholes, open]: [string, number, boolean] = ["", 0, true];
    let complaint: string | undefined;
    const reader = createHttpReader({ isResponse: true, method });
    const quiet = setTimeout(() => socket.end(), isPatient ? PATIENCE_MS : QUIET_MS);
    const patience = setTimeout(() => end(true), PATIENCE_MS);
    const read = (events: Iterable<HttpEvent>): void => {
      for (const event of events) {
        if (event.kind === "head") heads.push(event.head);
        else if (event.kind === "body") body += event.bytes.toString("latin1");
        else wholes += 1;
      }
    };
    const end = (hung: boolean): void => {
      if (!open) return;
      open = false;
      clearTimeout(quiet);
      clearTimeout(patience);
      socket.destroy();
      if (complaint === undefined) read(reader.close());
      const all = Buffer.concat(received);
      resolve({ heads, body, wholes, bytes: all, hung, ...(complaint && { complaint }) });
    };
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (data: Buffer) => {
      received.push(data);
      try {
        read(reader.push(data));
      } catch (error) {
        complaint = `${error}: ${JSON.stringify(data.toString("latin1").slice(0, 400))}`;
        return end(false);
      }
      if (isPatient && wholes > 0) setTimeout(() => socket.end(), QUIET_MS);
      else quiet.refresh();
    });
    socket.on("error", () => {});
    socket.on("end", () => end(false));
    socket.on("close", () => end(false));
  });
}
