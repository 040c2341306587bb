import { freePort } from "../../tests/support/free_port.ts";
import { type RunningServer, startServer } from "../measure/processes.ts";
import { ensurePackages } from "./packages.ts";
import { createBenchFolder } from "./test_bed.ts";

/**
 * Starts a Redis that saves nothing.
 *
 * @param stack stops it
 */
export async function startRedis(stack: AsyncDisposableStack): Promise<RunningServer> {
  ensurePackages();
  const port = await freePort();
  const folder = await createBenchFolder(stack);
  const flags = ["--port", `${port}`, "--dir", folder, "--save", "", "--appendonly", "no"];
  return stack.use(await startServer(["redis-server", ...flags], port));
}
