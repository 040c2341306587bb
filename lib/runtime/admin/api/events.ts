import { SECURITY_HEADERS } from "./responses.ts";

const PAUSE_MS = 1_000;

/**
 * Makes a stream of events, one a second.
 *
 * @param next makes the data of an event; `undefined` ends the stream
 * @param signal ends it, too
 */
export function eventsResponse(next: () => Promise<unknown>, signal: AbortSignal): Response {
  const encoder = new TextEncoder();
  const body = new ReadableStream<Uint8Array>({
    async pull(controller) {
      const data = signal.aborted ? undefined : await next();
      if (data === undefined) return controller.close();
      controller.enqueue(encoder.encode(`data: ${JSON.stringify(data)}\n\n`));
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    },
  });
  const headers = {
    ...SECURITY_HEADERS,
    "Content-Type": "text/event-stream",
    // nginx would collect several events before it sends any.
    "X-Accel-Buffering": "no",
  };
  return new Response(body, { headers });
}
