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
// Without them it would be open to everybody, or of use to nobody.
if (!secret || !key) throw new Error("SW_SECRET and OPENAI_API_KEY have to be set");

const web: App = {
  id: "web",
  secrets: [secret],
  upstreams: [{ url: new URL(upstream), headers: [["Authorization", `Bearer ${key}`]] }],
};

/** Bytes in both directions since the start, by app. */
const used = new Map<string, number>();

const gateway = createGateway({
  findApp: (id) => (id === web.id ? web : undefined),
  // The signature is right by now, so that nobody can use up or find out what is another's.
  onRequest(id) {
    if ((used.get(id) ?? 0) < Number(quota)) return undefined;
    return Response.json({ error: "The quota is used up." }, { status: 429 });
  },
  // Called when an exchange has ended, however it ended: a stream that was left early counts too.
  onBytes: (id, bytes) => void used.set(id, (used.get(id) ?? 0) + bytes.in + bytes.out),
  onError: (error) => console.error(error),
});

const server = Bun.serve({
  port,
  development: false,
  routes: {
    "/usage": () => Response.json(Object.fromEntries(used)),
  },
  fetch(request, server) {
    // The runtime's idle timeout would cut quiet streams.
    server.timeout(request, 0);
    return gateway(request);
  },
});
console.log(`Listening on ${server.url}`);
