import { type LightUpstream, startLightUpstream } from "./light_upstream.ts";
import { chunk } from "./raw_upstream.ts";

const HEAD =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

/** An upstream whose every answer is an event stream that follows what is published. */
export interface EventFeed extends LightUpstream {
  /** Sends one event to every stream that is open. */
  publish: (data: string) => void;
  /** Ends every stream in order. */
  finish: () => void;
}

/** Starts one. A stream begins with the event `hello`. */
export async function startEventFeed(): Promise<EventFeed> {
  const upstream = await startLightUpstream((socket) => {
    socket.write(HEAD + chunk("data: hello\n\n"));
  });
  const send = (bytes: string): void => upstream.open.forEach((socket) => void socket.write(bytes));
  return {
    ...upstream,
    publish: (data) => send(chunk(`data: ${data}\n\n`)),
    finish: () => send(chunk("")),
  };
}
