import { join } from "node:path";
import { freePort, startServer } from "../processes.ts";
import type { Peer } from "./peer.ts";

const program = join(import.meta.dir, "..", "..", "server.ts");

/**
 * Signway, started as its users start it.
 *
 * @param name the row's
 * @param flags further flags
 */
export function signway(name: string, flags: string[] = []): Peer {
  return {
    name,
    target: "signed",
    async start({ upstreamPort, id, secret, authorization }) {
      const port = await freePort();
      const upstream = ["--upstream", `http://127.0.0.1:${upstreamPort}/v1`];
      const header = ["--header", `Authorization: ${authorization}`];
      const listen = ["--host", "127.0.0.1", "--port", `${port}`];
      const command = [process.execPath, program, id, secret];
      return startServer([...command, ...upstream, ...header, ...listen, ...flags], port);
    },
  };
}
