/** The functions that the admin listener calls for its responses. */
export interface AdminSources {
  /** Whether the gateway accepts new requests. */
  isReady: () => boolean;
  /** Returns the metrics in the text format of Prometheus. */
  metrics: () => Promise<string>;
}

/** A running admin listener. */
export interface RunningAdmin {
  port: number;
  /** Stops the listener and closes its connections at once. */
  stop: () => Promise<void>;
}

/**
 * Serves `/healthz` (200 as long as the process runs), `/readyz` (503 once draining starts) and `/metrics`.
 *
 * @param address the address to listen on; port 0 selects a free port. It should be a loopback address,
 *   because callers are not authenticated.
 * @param sources the readiness and the metrics
 * @returns the running listener
 * @throws the runtime's error when the address is in use or invalid
 */
export function listenForAdmin(
  address: { host: string; port: number },
  { isReady, metrics }: AdminSources,
): RunningAdmin {
  const server = Bun.serve({
    hostname: address.host,
    port: address.port,
    development: false,
    // Otherwise the runtime would let two programs share the port.
    reusePort: false,
    routes: {
      "/healthz": () => new Response("ok\n"),
      "/readyz": () => (isReady() ? new Response("ok\n") : new Response("no\n", { status: 503 })),
      "/metrics": async () => metricsResponse(await metrics()),
    },
    fetch: () => new Response("/healthz, /readyz, /metrics\n", { status: 404 }),
    error: () => new Response("failed\n", { status: 500 }),
  });
  return { port: server.port!, stop: () => server.stop(true) };
}

function metricsResponse(text: string): Response {
  return new Response(text, {
    headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" },
  });
}
