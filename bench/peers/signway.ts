import { join } from "node:path";
import { freePort, startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

const program = join(import.meta.dir, "..", "..", "server.ts");

/** Switches the access log off: a request that goes well leaves no line. */
export const NO_LOG = ["--log-level", "error"];

/**
 * Signway, started as its users start it. Its log goes to the file `access.log`.
 *
 * @param name the row's
 * @param flags further flags
 * @param configure makes the configuration file; default: one app on the command line
 */
export function signway(
  name = "Signway",
  flags: string[] = [],
  configure?: (upstream: string, authorization: string) => string,
): Peer {
  return {
    name,
    verifies: true,
    async start({ upstream, id, secret, authorization, folder, ca }) {
      const port = await freePort();
      const listen = ["--host", "127.0.0.1", "--port", `${port}`];
      const trust = ca ? ["--upstream-ca", ca] : [];
      const rule = ["--upstream", `${upstream}/v1`, "--header", `Authorization: ${authorization}`];
      const config = join(folder, "signway.json");
      if (configure) await Bun.write(config, configure(upstream, authorization));
      const settings = configure ? ["--config", config] : [...rule, ...trust];
      const credential = configure ? {} : { SW_ID: id, SW_SECRET: secret };
      return startServer([process.execPath, program, ...settings, ...listen, ...flags], port, {
        log: join(folder, "access.log"),
        env: { ...process.env, ...credential },
      });
    },
  };
}
