import { readFileSync } from "node:fs";
import { readPieces } from "./read_pieces.ts";

// A proxy in Bun that does as little as possible.

const [port, upstream, fixedTarget, ca, ...flags] = process.argv.slice(2);
const connection: BunFetchRequestInit = {
  ...(ca && { tls: { ca: readFileSync(ca, "utf8") } }),
  ...(flags.includes("http2") && { protocol: "http2" }),
};
const pass = flags.includes("read") ? readPieces : (body: Body["body"]) => body;

Bun.serve({
  port: Number(port),
  hostname: "127.0.0.1",
  development: false,
  idleTimeout: 0,
  reusePort: flags.includes("shared"),
  maxRequestBodySize: 8e9,
  async fetch(request) {
    const target = fixedTarget || request.url.slice(request.url.indexOf("/", 8));
    const { status, headers, body } = await fetch(upstream + target, {
      ...connection,
      method: request.method,
      headers: request.headers,
      body: pass(request.body),
      redirect: "manual",
      decompress: false,
      proxy: false,
      timeout: false,
    });
    return new Response(pass(body), { status, headers });
  },
});
