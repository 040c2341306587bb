/**
 * An event stream. It stops when the client leaves.
 *
 * @param events each is written by itself
 * @param paceMs between two of them, in milliseconds, so that they arrive as pieces of their own
 */
export function eventStream(events: readonly string[], paceMs: number): Response {
  const headers = {
    "content-type": "text/event-stream; charset=utf-8",
    "cache-control": "no-cache",
  };
  return new Response(pacedBody(events, paceMs), { headers });
}

/**
 * A list as JSON, with an element at a time. It stops when the client leaves.
 *
 * @param elements each is written by itself
 * @param paceMs between two of them, in milliseconds
 */
export function jsonListStream(elements: readonly object[], paceMs: number): Response {
  const texts = elements.map((it, i) => `${i === 0 ? "[" : ",\r\n"}${JSON.stringify(it)}`);
  const headers = { "content-type": "application/json; charset=UTF-8" };
  return new Response(pacedBody([...texts, "]"], paceMs), { headers });
}

function pacedBody(pieces: readonly string[], paceMs: number): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  const rest = pieces.values();
  return new ReadableStream<Uint8Array>({
    async pull(stream) {
      const { value, done } = rest.next();
      if (done) return stream.close();
      stream.enqueue(encoder.encode(value));
      await Bun.sleep(paceMs);
    },
  });
}

/** An event with a name, as OpenAI's responses and Anthropic have them. */
export function namedEvent(event: { type: string }): string {
  return `event: ${event.type}\n${dataEvent(event)}`;
}

/** An event without a name. */
export function dataEvent(data: object): string {
  return `data: ${JSON.stringify(data)}\n\n`;
}
