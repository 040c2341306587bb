import { join } from "node:path";
import { freePort, startServer } from "../processes.ts";
import type { Peer } from "./peer.ts";

export const bareBun: Peer = {
  name: "bare Bun pass-through",
  target: "fixed",
  async start({ upstreamPort, fixedTarget }) {
    const port = await freePort();
    const target = `http://127.0.0.1:${upstreamPort}${fixedTarget}`;
    const program = join(import.meta.dir, "bare_bun_server.ts");
    return startServer([process.execPath, program, `${port}`, target], port);
  },
};
