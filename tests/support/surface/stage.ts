import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Gateway, startGateway } from "../gateway.ts";
import { type RawUpstream, type Step, startUpstream } from "../raw_upstream.ts";
import { createMask, type Mask } from "./mask.ts";
import type { Program } from "./program.ts";

/** A gateway of the checkout, and an upstream that does what it is told. */
export interface Stage extends AsyncDisposable {
  gateway: Gateway;
  upstream: RawUpstream;
  /** The file that the gateway was started with. */
  file: string;
  /** The address of `/readyz` and the others. */
  admin: string;
  /** Hides this run's ports and folders too. */
  mask: Mask;
  /** What the upstream does with each request from now on. */
  play: (steps: readonly Step[]) => void;
}

/**
 * Starts both.
 *
 * @param program the checkout's
 * @param configure makes the configuration for the URL of the upstream
 * @param args further arguments of the gateway
 */
export async function setStage(
  { root, command }: Program,
  configure: (upstream: string) => object,
  args: readonly string[] = [],
): Promise<Stage> {
  let script: readonly Step[] = [];
  const upstream = await startUpstream(() => [...script]);
  const folder = await mkdtemp(join(tmpdir(), "signway-"));
  const file = join(folder, "signway.json");
  await Bun.write(file, JSON.stringify(configure(upstream.url)));
  const gateway = await startGateway({
    command,
    args: ["--config", file, "--admin", "127.0.0.1:0", ...args],
  });
  const admin = gateway.lines().find(({ msg }) => msg === "listening")?.["admin_port"];
  const known = {
    [root]: "root",
    [folder]: "folder",
    [String(upstream.port)]: "upstream-port",
    [String(gateway.port)]: "gateway-port",
    ...(admin !== undefined && { [String(admin)]: "admin-port" }),
  };
  return {
    gateway,
    upstream,
    file,
    admin: `http://127.0.0.1:${String(admin)}`,
    mask: createMask(known),
    play: (steps) => (script = steps),
    async [Symbol.asyncDispose]() {
      await gateway.stop("SIGKILL");
      await upstream.stop();
      await rm(folder, { recursive: true });
    },
  };
}
