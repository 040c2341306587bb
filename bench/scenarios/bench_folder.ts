import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Whom every request of the measurements is signed by. */
export const CREDENTIAL = { id: "bench", secret: "bench-secret-3f9d2c-of-32-bytes-long" };

/** What the upstream knows the gateway by. */
export const AUTHORIZATION = "Bearer bench-key-5b1f0c";

/** A folder that goes away with the stack. */
export async function benchFolder(stack: AsyncDisposableStack): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "signway-bench-"));
  stack.defer(() => rm(folder, { recursive: true }));
  return folder;
}
