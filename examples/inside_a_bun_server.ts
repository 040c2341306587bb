// A server with routes of its own that hands the rest to the gateway, with a quota for each app:
// SW_SECRET=… OPENAI_API_KEY=… bun examples/inside_a_bun_server.ts
import { env } from "node:process";
import { type App, createGateway } from "signway/gateway";

const {
  SW_SECRET: secret,
  OPENAI_API_KEY: key,
  UPSTREAM: upstream = "https://api.openai.com/v1/",
  QUOTA_BYTES: quota = "1000000",
  PORT: port = "3000",
} = env;
// Without a secret the gateway would be open to everybody, without a key of no use.
if (!secret || !key) throw new Error("SW_SECRET and OPENAI_API_KEY have to be set");

const web: App = {
  id: "web",
  secrets: [secret],
  upstreams: [{ url: new URL(upstream), headers: [["Authorization", `Bearer ${key}`]] }],
};

/** Bytes in both directions since the start, by app. */
const usedBytes = new Map<string, number>();

const gateway = createGateway({
  sources: { findApp: (id) => (id === web.id ? web : undefined) },
  hooks: {
    // The signature is verified before, so nobody can use up or read the quota of another app.
    onRequest(id) {
      if ((usedBytes.get(id) ?? 0) < Number(quota)) return undefined;
      return Response.json({ error: "The quota is used up." }, { status: 429 });
    },
  },
  observers: {
    // The last call comes when the exchange ends: a stream that the client leaves early counts too.
    onBytes(id, bytes) {
      if (bytes.final) usedBytes.set(id, (usedBytes.get(id) ?? 0) + bytes.in + bytes.out);
    },
    onError: (error) => console.error(error),
  },
});

const server = Bun.serve({
  port,
  development: false,
  routes: {
    "/usage": () => Response.json(Object.fromEntries(usedBytes)),
  },
  fetch(request, server) {
    // The runtime's idle timeout would cut quiet streams.
    server.timeout(request, 0);
    return gateway(request);
  },
});
console.log(`Listening on ${server.url}`);
