import { join } from "node:path";

/** What one run of the load generator saw. */
export interface Load {
  requests: number;
  seconds: number;
  /** Response bytes, heads included. */
  bytes: number;
  p50Ms: number;
  p99Ms: number;
  /** Statuses of 400 and more, and errors of connections. */
  failures: number;
}

export interface LoadOptions {
  port: number;
  /** A file with one request target a line. */
  paths: string;
  /** Keep-alive connections, each with one request at a time. */
  connections: number;
  seconds: number;
}

/**
 * Keeps connections busy with signed GET requests; wrk on one thread does it.
 *
 * @throws Error when a request failed
 */
export async function load({ port, paths, connections, seconds }: LoadOptions): Promise<Load> {
  const script = join(import.meta.dir, "load.lua");
  const flags = ["-t", "1", "-c", `${connections}`, "-d", `${seconds}`, "-s", script];
  const wrk = Bun.spawn(["wrk", ...flags, `http://127.0.0.1:${port}`, "--", paths], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const output = await new Response(wrk.stdout).text();
  if ((await wrk.exited) !== 0) throw new Error(`wrk failed:\n${output}`);
  const seen = JSON.parse(output.trimEnd().split("\n").at(-1)!) as Load;
  if (seen.failures > 0) throw new Error(`${seen.failures} requests failed:\n${output}`);
  return seen;
}
