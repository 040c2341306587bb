import { join } from "node:path";
import { freePort } from "../../tests/support/free_port.ts";
import { testProgram } from "../../tests/support/test_program.ts";
import { startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

/** Switches the access log off: a successful request leaves no line. */
export const NO_LOG = ["--log-level", "error"];

/** The differences between two rows of Signway. */
export interface SignwayOptions {
  /** Further flags. Default: none. */
  flags?: string[];
  /** Creates the text of the configuration file. Default: one app on the command line. */
  createConfig?: (upstream: string, authorization: string) => string;
  /** Further variables of its environment. Default: none. */
  env?: Record<string, string>;
  /** The command that starts it. Default: an executable of the source, as it is released. */
  command?: string[];
}

/** Signway, as its users run it. Its log goes to the file `access.log`. */
export function signway(name = "Signway", options: SignwayOptions = {}): Peer {
  const { flags = [], createConfig, env } = options;
  return {
    name,
    verifies: true,
    async start({ upstream, id, secret, authorization, folder, ca }) {
      const command = options.command ?? [await testProgram()];
      const port = await freePort();
      const listen = ["--host", "127.0.0.1", "--port", `${port}`];
      const trust = ca ? ["--upstream-ca", ca] : [];
      const rule = ["--upstream", `${upstream}/v1`, "--header", `Authorization: ${authorization}`];
      const config = join(folder, "signway.json");
      if (createConfig) await Bun.write(config, createConfig(upstream, authorization));
      const settings = createConfig ? ["--config", config] : [...rule, ...trust];
      const credential = createConfig ? {} : { SW_ID: id, SW_SECRET: secret };
      const server = await startServer([...command, ...settings, ...listen, ...flags], port, {
        log: join(folder, "access.log"),
        env: { ...process.env, ...credential, ...env },
      });
      await untilRefused(port);
      return server;
    },
  };
}

/** Waits until it answers: a supervisor takes the port for a moment, before its workers do. */
async function untilRefused(port: number): Promise<void> {
  const ask = () => fetch(`http://127.0.0.1:${port}/`, { proxy: false }).catch(() => undefined);
  for (let answer = await ask(); !answer; answer = await ask()) await Bun.sleep(1);
}
