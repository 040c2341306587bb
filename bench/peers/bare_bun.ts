import { join } from "node:path";
import { freePort } from "../../tests/support/free_port.ts";
import { startServer } from "../measure/processes.ts";
import type { Peer } from "./peer.ts";

const PROGRAM = join(import.meta.dir, "bare_bun_server.ts");
const PAIR = join(import.meta.dir, "bare_bun_pair.ts");
const WITH_PACKAGES = join(import.meta.dir, "bare_bun_packages_server.ts");

/**
 * A proxy in Bun that does as little as possible.
 *
 * @param name the name of its row
 * @param flags `http2`: over HTTP/2 to its upstream; `read`: bodies go through JavaScript
 */
export function bareBun(name = "bare Bun pass-through", flags: string[] = []): Peer {
  return startedWith([PROGRAM], name, flags);
}

function startedWith(program: string[], name: string, flags: string[]): Peer {
  return {
    name,
    verifies: false,
    async start({ upstream, fixedTarget, ca = "" }) {
      const port = await freePort();
      const command = [
        process.execPath,
        ...program,
        `${port}`,
        upstream,
        fixedTarget,
        ca,
        ...flags,
      ];
      const env = { ...process.env, BUN_CONFIG_MAX_HTTP_REQUESTS: "65535" };
      return startServer(command, port, { env });
    },
  };
}

/**
 * The same proxy as a compiled binary, for the start.
 *
 * @param binary the path of the executable that {@link compileBareBun} has made
 * @param name the name of its row
 */
export function compiledBareBun(binary: string, name = "bare Bun pass-through"): Peer {
  return {
    name,
    verifies: false,
    async start({ upstream, fixedTarget }) {
      const port = await freePort();
      return startServer([binary, `${port}`, upstream, fixedTarget, ""], port);
    },
  };
}

/**
 * Compiles the proxy in the way of Signway's own binary.
 *
 * @param binary the path of the executable
 * @param hasPackages whether it loads the packages that Signway loads. Default: no
 */
export async function compileBareBun(binary: string, hasPackages = false): Promise<void> {
  await Bun.build({
    entrypoints: [hasPackages ? WITH_PACKAGES : PROGRAM],
    format: "esm",
    bytecode: true,
    compile: { outfile: binary, autoloadBunfig: false, autoloadDotenv: false },
  });
}

const READING = "bare Bun, bodies read";

/** The same proxy, with bodies that go through JavaScript, as in every proxy that counts their bytes. */
export function bareBunReading(): Peer {
  return bareBun(READING, ["read"]);
}

/** The proxy that reads bodies, as two processes that share a port. */
export function bareBunReadingTwice(): Peer {
  // Both processes end with the one that starts them.
  return startedWith(["--no-orphans", PAIR], READING, ["read"]);
}
