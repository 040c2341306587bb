import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ConfigInput } from "../../lib/config/schema.ts";
import { type Gateway, type LogLine, startGateway } from "./gateway.ts";
import { waitFor } from "./wait_for.ts";

/** The ledger of gateways whose test names none, to run tests with another store: `redis://127.0.0.1:6379`. */
export const TEST_LEDGER = process.env["SIGNWAY_TEST_LEDGER"];

/** A gateway with a configuration file of its own. */
export interface ConfiguredGateway extends Gateway {
  /** Where the file is. */
  file: string;
  /** Writes the file anew, sends SIGHUP and waits until the new settings are in force. */
  reconfigure: (config: ConfigInput) => Promise<LogLine>;
}

/** Starts a gateway on what would stand in its configuration file, with these variables in its environment. */
export async function startConfigured(
  config: ConfigInput,
  env: Record<string, string> = {},
): Promise<ConfiguredGateway> {
  const folder = await mkdtemp(join(tmpdir(), "signway-test-"));
  const file = join(folder, "signway.json");
  const write = (config: ConfigInput): Promise<void> =>
    // Without the watch a change is loaded once, and a test knows when.
    writeFile(
      file,
      JSON.stringify({ watch: false, ...(TEST_LEDGER && { ledger: TEST_LEDGER }), ...config }),
    );
  const remove = (): Promise<void> => rm(folder, { recursive: true, force: true });
  await write(config);
  const gateway = await startGateway({ args: ["--config", file], env }).catch(
    async (error: unknown) => {
      await remove();
      throw error;
    },
  );
  const loaded = (): LogLine[] =>
    gateway.lines().filter(({ msg }) => /^configuration (loaded|ignored)$/.test(msg));
  const stop = async (signal?: NodeJS.Signals): Promise<number> => {
    const code = await gateway.stop(signal);
    await remove();
    return code;
  };
  return {
    ...gateway,
    file,
    stop,
    [Symbol.asyncDispose]: async () => void (await stop("SIGKILL")),
    async reconfigure(config) {
      const before = loaded().length;
      await write(config);
      gateway.kill("SIGHUP");
      const line = await waitFor("the configuration to be loaded", () => loaded()[before]);
      if (line.msg !== "configuration loaded") throw new Error(JSON.stringify(line));
      return line;
    },
  };
}
