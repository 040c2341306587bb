import { fileURLToPath } from "node:url";
import type { Sign } from "./backend_signer.ts";

// Beside the packages of the clients: Node finds there what a bundle does not hold.
const BUNDLES = fileURLToPath(new URL("../.cache/", import.meta.url));
const PAGE = `<!doctype html><link rel="icon" href="data:,"><script type="module" src="/client.js"></script>`;

/** A backend that serves a page with a script, and signs whatever the page asks for. */
export function startBackend(script: string, sign: Sign) {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    development: false,
    routes: {
      "/": new Response(PAGE, { headers: { "content-type": "text/html" } }),
      "/client.js": Bun.file(script),
      "/sign": {
        POST: async (request) => {
          const { upstream, method, body } = await request.json();
          return new Response(await sign(upstream, method, body));
        },
      },
    },
  });
}

/** One file of a client beside this one and all that it imports; `external` packages aside. */
export async function bundle(
  name: string,
  target: "node" | "browser",
  external: string[] = [],
): Promise<string> {
  const entry = fileURLToPath(new URL(name, import.meta.url));
  const { outputs } = await Bun.build({
    entrypoints: [entry],
    outdir: BUNDLES,
    naming: "[name].mjs",
    target,
    external,
  });
  return outputs[0]?.path ?? "";
}
