// The wire format of https://docs.anthropic.com/en/api/messages-streaming, as far as a text needs it.

/** What an upstream needs. */
export interface UpstreamOptions {
  /** The only key that gets an answer. */
  key: string;
  /** Sees every request, refused ones included. */
  observe: (request: Request) => void;
}

/** An API of Anthropic's shape on a free port, which says the last question again, word by word. */
export function startUpstream({ key, observe }: UpstreamOptions) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    fetch: async (request) => {
      observe(request);
      const { headers } = request;
      if (headers.get("authorization") !== `Bearer ${key}`)
        return refuse(401, "authentication_error");
      if (!headers.has("anthropic-version")) return refuse(400, "invalid_request_error");
      const { pathname } = new URL(request.url);
      if (`${request.method} ${pathname}` !== "POST /v1/messages")
        return refuse(404, "not_found_error");
      const { model, messages, stream } = await request.json();
      if (!stream) return refuse(400, "invalid_request_error");
      return streamed(model, String(messages.at(-1).content).match(/\S+\s*/g) ?? []);
    },
  });
}

function streamed(model: string, words: string[]): Response {
  const events = [...eventsOf(model, words)];
  const body = new ReadableStream<Uint8Array>({
    async pull(stream) {
      const event = events.shift();
      if (!event) return stream.close();
      // A turn of the event loop between two events, so that they come as pieces of their own.
      await Bun.sleep(1);
      const text = `event: ${event["type"]}\ndata: ${JSON.stringify(event)}\n\n`;
      stream.enqueue(new TextEncoder().encode(text));
    },
  });
  return new Response(body, { headers: { "content-type": "text/event-stream; charset=utf-8" } });
}

function* eventsOf(model: string, words: string[]): Generator<Record<string, unknown>> {
  const usage = { input_tokens: 9, output_tokens: 1 };
  const message = { id: "msg_1", type: "message", role: "assistant", content: [], model };
  yield {
    type: "message_start",
    message: { ...message, stop_reason: null, stop_sequence: null, usage },
  };
  yield { type: "content_block_start", index: 0, content_block: { type: "text", text: "" } };
  yield { type: "ping" };
  for (const text of words) {
    yield { type: "content_block_delta", index: 0, delta: { type: "text_delta", text } };
  }
  yield { type: "content_block_stop", index: 0 };
  const delta = { stop_reason: "end_turn", stop_sequence: null };
  yield { type: "message_delta", delta, usage: { output_tokens: words.length } };
  yield { type: "message_stop" };
}

function refuse(status: number, type: string): Response {
  return Response.json({ type: "error", error: { type, message: type } }, { status });
}
