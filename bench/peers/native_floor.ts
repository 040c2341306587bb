import { join } from "node:path";
import { freePort } from "../../tests/support/free_port.ts";
import { startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";
import type { SignwayOptions } from "./signway.ts";

/**
 * The least that a gateway in Bun can cost which verifies with WebCrypto: a server with the calls of the runtime that a
 * signed GET needs, and nothing else.
 */
export const nativeFloor: Peer = nativeFloorOf();

/**
 * {@link nativeFloor} with the apps of a configuration.
 *
 * @param createConfig creates the text of a configuration file of Signway, in JSON, where each app has one secret and one rule
 *   with an Authorization header. Default: one app
 */
export function nativeFloorOf(createConfig?: SignwayOptions["createConfig"]): Peer {
  return {
    name: "native operations alone",
    verifies: true,
    async start({ upstream, id, secret, authorization, folder }) {
      const port = await freePort();
      const program = join(import.meta.dir, "native_floor_server.ts");
      const env = {
        ...process.env,
        BUN_CONFIG_MAX_HTTP_REQUESTS: "65535",
        SW_ID: id,
        SW_SECRET: secret,
      };
      const command = [process.execPath, program, `${port}`, upstream, authorization];
      if (createConfig) {
        const config = join(folder, "apps.json");
        await Bun.write(config, createConfig(upstream, authorization));
        command.push(config);
      }
      return startServer(command, port, { env });
    },
  };
}
