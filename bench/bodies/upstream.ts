import { obey } from "../load/helper_process.ts";

// The upstream of big bodies: reads every byte of an upload before it answers, and sends a file.

export type BodyUpstreamOrders = typeof orders;

const [authorization, file] = process.argv.slice(2);
let requests = 0;

const server = Bun.serve({
  hostname: "127.0.0.1",
  port: 0,
  idleTimeout: 0,
  maxRequestBodySize: Number.MAX_SAFE_INTEGER,
  async fetch({ headers, method, url, body }) {
    requests += 1;
    const isAuthorized = headers.get("authorization") === authorization;
    const authorized = { authorized: isAuthorized ? "yes" : "no" };
    if (method === "GET" && url.includes("/v1/download")) {
      return new Response(Bun.file(file!), { headers: authorized });
    }
    let bytes = 0;
    if (body) for await (const chunk of body) bytes += chunk.length;
    return Response.json({ ...authorized, bytes });
  },
});

const orders = {
  port: () => server.port,
  requests: () => requests,
};

obey(orders);
