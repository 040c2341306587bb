import { join } from "node:path";

/** What one run of the load generator saw. */
export interface Load {
  requests: number;
  seconds: number;
  p50Ms: number;
  p99Ms: number;
}

/** How a peer is put under load. */
export interface LoadOptions {
  port: number;
  /** A file that `writeRequests` made. */
  requests: string;
  /** Keep-alive connections, each with one request at a time. */
  connections: number;
  /** Whole seconds. */
  seconds: number;
  /** Whether the peer speaks TLS. */
  tls?: boolean;
}

/**
 * Keeps connections busy with requests; wrk on one thread does it.
 *
 * @throws Error when a request failed or was answered with another status than 2xx or 3xx
 */
export async function load(options: LoadOptions): Promise<Load> {
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
  const { failures, ...seen } = JSON.parse(line) as Load & { failures: number };
  if (failures > 0) throw new Error(`${failures} requests failed:\n${output}`);
  if (seen.requests === 0) throw new Error(`no request was answered:\n${output}`);
  return seen;
}
