// An upstream that answers each request with a small chat completion, and counts them: `completions.ts PORT AUTHORIZATION`.

const COMPLETION = {
  id: "chatcmpl-1",
  object: "chat.completion",
  created: 1,
  model: "gpt-4o-mini",
  choices: [
    { index: 0, message: { role: "assistant", content: "An answer." }, finish_reason: "stop" },
  ],
  usage: { prompt_tokens: 120, completion_tokens: 3, total_tokens: 123 },
};

function serve(port: number, authorization: string | undefined): void {
  let requests = 0;
  Bun.serve({
    hostname: "127.0.0.1",
    port,
    fetch(request) {
      if (request.url.endsWith("/status")) return new Response(String(requests));
      requests++;
      const isAuthorized = request.headers.get("authorization") === authorization;
      return Response.json({ ...COMPLETION, authorized: isAuthorized ? "yes" : "no" });
    },
  });
}

serve(Number(process.argv[2]), process.argv[3]);
