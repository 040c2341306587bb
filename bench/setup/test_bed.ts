import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Setup } from "../peers/peer.ts";
import { startUpstream, type UpstreamServer } from "../peers/upstream.ts";
import { ensurePackages } from "./packages.ts";

/** The credential that every request is signed with. */
export const CREDENTIAL = { id: "bench", secret: "bench-secret-3f9d2c-of-32-bytes-long" };

/** The value of the Authorization header that the upstream expects. */
export const AUTHORIZATION = "Bearer bench-key-5b1f0c";

/** The surroundings of the peers of a scenario. */
export interface TestBed {
  /** For files of requests. */
  folder: string;
  upstream: UpstreamServer;
  setup: Setup;
}

/**
 * Starts an upstream that gives small responses.
 *
 * @param fixedTarget path and query of every request of a peer that verifies nothing
 * @param stack stops the upstream and removes the folder
 */
export async function startTestBed(
  fixedTarget: string,
  stack: AsyncDisposableStack,
): Promise<TestBed> {
  ensurePackages();
  const folder = await createBenchFolder(stack);
  const upstream = stack.use(await startUpstream(AUTHORIZATION, folder));
  return {
    folder,
    upstream,
    setup: createSetup({ upstream: upstream.origin, folder, fixedTarget }),
  };
}

/**
 * Creates the settings for the peers of a scenario.
 *
 * @param options the origin of the upstream, the folder, and, for peers that verify nothing, the path
 *   and query of every request (default: those of the request itself)
 */
export function createSetup(
  options: Pick<Setup, "upstream" | "folder"> & Partial<Pick<Setup, "fixedTarget" | "ca">>,
): Setup {
  return { fixedTarget: "", ...CREDENTIAL, authorization: AUTHORIZATION, ...options };
}

/** Creates a folder that is removed with the stack. */
export async function createBenchFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "signway-bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  return folder;
}
