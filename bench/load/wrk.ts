import { join } from "node:path";

/** The figures of one run of the load generator. */
export interface LoadResult {
  requests: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

/** The load on a peer. */
export interface LoadOptions {
  port: number;
  /** A file that `writeRequests` wrote. */
  requests: string;
  /** Keep-alive connections, each with one request at a time. */
  connections: number;
  /** Whole seconds. */
  seconds: number;
  /** Whether the peer speaks TLS. Default: no. */
  tls?: boolean;
}

/**
 * Keeps connections busy with requests, with wrk on one thread.
 *
 * @throws Error when a request failed or was answered with another status than 2xx or 3xx
 */
export async function generateLoad(options: LoadOptions): Promise<LoadResult> {
  const { port, requests, connections, seconds, tls } = options;
  const script = join(import.meta.dir, "wrk.lua");
  const flags = ["-t", "1", "-c", `${connections}`, "-d", `${seconds}`, "-s", script];
  const url = `http${tls ? "s" : ""}://127.0.0.1:${port}`;
  const wrk = Bun.spawn(["wrk", ...flags, "--timeout", "10", url, "--", requests], {
    stdout: "pipe",
    stderr: "inherit",
  });
  const output = await new Response(wrk.stdout).text();
  if ((await wrk.exited) !== 0) throw new Error(`wrk failed:\n${output}`);
  const line = output.trimEnd().split("\n").at(-1)!;
  const { failures, ...result } = JSON.parse(line) as LoadResult & { failures: number };
  if (failures > 0) throw new Error(`${failures} requests failed:\n${output}`);
  if (result.requests === 0) throw new Error(`no request was answered:\n${output}`);
  return result;
}
