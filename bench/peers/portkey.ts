import { cp, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { freePort } from "../../tests/support/free_port.ts";
import { startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

const PINNED = join(import.meta.dir, "portkey");
const INSTALLED = join(import.meta.dir, "..", "..", ".cache", "portkey");

/** Portkey's gateway. The caller sends the API's key and address with each request. */
export const portkey: Peer = {
  name: "Portkey's gateway",
  verifies: true,
  callerHeaders: ({ upstream, authorization }) => ({
    Authorization: authorization,
    "x-portkey-provider": "openai",
    "x-portkey-custom-host": `${upstream}/v1`,
  }),
  async start() {
    await installPortkey();
    const port = await freePort();
    const program = join(INSTALLED, "node_modules/@portkey-ai/gateway/build/start-server.js");
    const env = { ...process.env, NODE_ENV: "production" };
    return startServer(["node", program, `--port=${port}`, "--headless"], port, { env });
  },
};

/** The version in its package.json. */
export async function readPortkeyVersion(): Promise<string> {
  const { dependencies } = await Bun.file(join(PINNED, "package.json")).json();
  return dependencies["@portkey-ai/gateway"];
}

/** Installs the version of the lock file into the cache; quick when it is there. */
async function installPortkey(): Promise<void> {
  await mkdir(INSTALLED, { recursive: true });
  await cp(PINNED, INSTALLED, { recursive: true });
  await Bun.$`${process.execPath} install --frozen-lockfile`.cwd(INSTALLED).quiet();
}
