import { join } from "node:path";
import { freePort, startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

/**
 * The least that a gateway in Bun can cost which verifies with WebCrypto: a server with the calls of the runtime that a
 * signed GET needs, and nothing else.
 */
export const nativeFloor: Peer = {
  name: "native operations alone",
  verifies: true,
  async start({ upstream, id, secret, authorization }) {
    const port = await freePort();
    const program = join(import.meta.dir, "native_floor_server.ts");
    const env = {
      ...process.env,
      BUN_CONFIG_MAX_HTTP_REQUESTS: "65535",
      SW_ID: id,
      SW_SECRET: secret,
    };
    return startServer([process.execPath, program, `${port}`, upstream, authorization], port, {
      env,
    });
  },
};
