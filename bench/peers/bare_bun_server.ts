import { readFileSync } from "node:fs";

/** The least that a proxy in Bun can do. */
const [port, upstream, fixedTarget, ca, http2] = process.argv.slice(2);
const connection: BunFetchRequestInit = {
  ...(ca && { tls: { ca: readFileSync(ca, "utf8") } }),
  ...(http2 && { protocol: "http2" }),
};

Bun.serve({
  port: Number(port),
  hostname: "127.0.0.1",
  development: false,
  idleTimeout: 0,
  maxRequestBodySize: 8e9,
  async fetch(request) {
    const target = fixedTarget || request.url.slice(request.url.indexOf("/", 8));
    const { status, headers, body } = await fetch(upstream + target, {
      ...connection,
      method: request.method,
      headers: request.headers,
      body: request.body,
      redirect: "manual",
      decompress: false,
      proxy: false,
      timeout: false,
    });
    return new Response(body, { status, headers });
  },
});
