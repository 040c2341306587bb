import type { HttpMessage } from "./http_message.ts";
import { createHttpReader, type HttpEvent } from "./http_reader.ts";

/** Takes the events of a reader one by one; returns each message when its end has come. */
export function createCollector(): (event: HttpEvent) => HttpMessage | undefined {
  let head: HttpMessage | undefined;
  let pieces: Buffer[] = [];
  return (event) => {
    if (event.kind === "head") [head, pieces] = [event.head, []];
    else if (event.kind === "body") pieces.push(event.bytes);
    else if (head) return { ...head, body: Buffer.concat(pieces), size: event.size };
    return undefined;
  };
}

/** The first response on a connection that is not of the 1xx kind, as far as it has come. */
export interface FirstResponse {
  push: (bytes: Buffer) => void;
  /** The connection has ended. */
  close: () => void;
  head: () => HttpMessage | undefined;
  /** The whole message, once its end has come. */
  message: () => HttpMessage | undefined;
}

/**
 * Starts with no bytes. Whatever follows the response is left alone.
 *
 * @param method that the response answers. Default: `GET`
 */
export function createFirstResponse(method = "GET"): FirstResponse {
  const reader = createHttpReader({ isResponse: true, method });
  const collect = createCollector();
  let head: HttpMessage | undefined;
  let message: HttpMessage | undefined;
  const take = (events: Iterable<HttpEvent>): void => {
    for (const event of events) {
      if (event.kind === "head") head = event.head;
      message = collect(event);
      if (message) return;
    }
  };
  return {
    push(bytes) {
      if (!message) take(reader.push(bytes));
    },
    close() {
      if (!message) take(reader.close());
    },
    head: () => head,
    message: () => message,
  };
}
