import { join } from "node:path";
import { freePort } from "../../tests/support/free_port.ts";
import { startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

/** A proxy for WebSockets in Bun that does as little as possible: the floor of its server and its client. */
export const bareSockets: Peer = {
  name: "bare Bun pass-through",
  verifies: false,
  async start({ upstream }) {
    const port = await freePort();
    const program = join(import.meta.dir, "bare_sockets_server.ts");
    return startServer([process.execPath, program, `${port}`, upstream], port);
  },
};
