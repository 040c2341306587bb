/** The words of the answer, one in each event. */
export const WORDS = ["Hel", "lo ", "there"];

/** What asked it, in the order of the requests. */
export interface Asked {
  authorization: string | null;
  path: string;
  body: { model?: string; stream?: boolean };
}

/** A stand-in of OpenAI's API that streams one answer, and lists one model. */
export function startStreamingApi() {
  const asked: Asked[] = [];
  const server = Bun.serve({
    port: 0,
    hostname: "127.0.0.1",
    async fetch(request) {
      const body = request.method === "POST" ? ((await request.json()) as Asked["body"]) : {};
      const authorization = request.headers.get("authorization");
      asked.push({ authorization, path: new URL(request.url).pathname, body });
      if (request.method === "GET") return Response.json({ data: [{ id: "a-model" }] });
      return new Response(eventsOf(), {
        headers: { "content-type": "text/event-stream" },
      });
    },
  });
  return {
    asked,
    url: server.url,
    async [Symbol.asyncDispose]() {
      await server.stop(true);
    },
  };
}

function eventsOf(): ReadableStream<string> {
  const events = WORDS.map((content) => JSON.stringify({ choices: [{ delta: { content } }] }));
  const left = [...events, "[DONE]"];
  return new ReadableStream({
    async pull(controller) {
      controller.enqueue(`data: ${left.shift()}\n\n`);
      if (left.length === 0) controller.close();
      else await Bun.sleep(10);
    },
  });
}
