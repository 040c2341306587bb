import { connect } from "node:net";
import type { HttpMessage } from "../../support/http_message.ts";
import { createHttpReader } from "../../support/http_reader.ts";

/** What the gateway said on one connection. */
export interface Talk {
  heads: HttpMessage[];
  body: string;
  /** What was wrong with the answers' framing. */
  complaint?: string;
  /** The gateway neither closed the connection nor answered. */
  hung: boolean;
}

// Somewhat more than the runtime gives a request's head.
const PATIENCE_MS = 20_000;
// The answer to whatever was complete has begun by then; the rest waits for more.
const QUIET_MS = 80;

/** Sends bytes on a connection of their own, then ends this side and waits for the other. */
export function talk(port: number, bytes: Buffer): Promise<Talk> {
  return new Promise((resolve) => {
    const socket = connect({ host: "127.0.0.1", port, allowHalfOpen: true });
    const heads: HttpMessage[] = [];
    let [body, complaint, open]: [string, string | undefined, boolean] = ["", undefined, true];
    const reader = createHttpReader({ isResponse: true });
    const quiet = setTimeout(() => socket.end(), QUIET_MS);
    const patience = setTimeout(() => end(true), PATIENCE_MS);
    const end = (hung: boolean): void => {
      if (!open) return;
      open = false;
      clearTimeout(quiet);
      clearTimeout(patience);
      socket.destroy();
      resolve({ heads, body, hung, ...(complaint !== undefined && { complaint }) });
    };
    socket.on("connect", () => socket.write(bytes));
    socket.on("data", (data: Buffer) => {
      quiet.refresh();
      try {
        for (const event of reader.push(data)) {
          if (event.kind === "head") heads.push(event.head);
          if (event.kind === "body") body += event.bytes.toString("latin1");
        }
      } catch (error) {
        complaint = `${error}: ${JSON.stringify(data.toString("latin1").slice(0, 400))}`;
        end(false);
      }
    });
    socket.on("error", () => {});
    socket.on("end", () => end(false));
    socket.on("close", () => end(false));
  });
}
