import { join } from "node:path";
import { freePort, startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

/** The least that a proxy in Bun can do; with `http2`, over HTTP/2 to its upstream. */
export function bareBun(name = "bare Bun pass-through", flags: string[] = []): Peer {
  return {
    name,
    verifies: false,
    async start({ upstream, fixedTarget, ca = "" }) {
      const port = await freePort();
      const program = join(import.meta.dir, "bare_bun_server.ts");
      const command = [process.execPath, program, `${port}`, upstream, fixedTarget, ca, ...flags];
      const env = { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" };
      return startServer(command, port, { env });
    },
  };
}
