/** The least that a proxy in Bun can do. Arguments: the port, the URL that every request goes to. */
const [port, target] = process.argv.slice(2) as [string, string];

Bun.serve({
  port: Number(port),
  hostname: "127.0.0.1",
  development: false,
  async fetch(request) {
    const { status, headers, body } = await fetch(target, {
      method: request.method,
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      decompress: false,
      proxy: false,
    });
    return new Response(body, { status, headers });
  },
});
