/** Where the admin listener gets its answers. */
export interface AdminSources {
  /** Tells whether new requests are taken. */
  isReady: () => boolean;
  /** Writes the metrics in the text format of Prometheus. */
  metrics: () => Promise<string>;
}

/** An admin listener that listens. */
export interface RunningAdmin {
  port: number;
  /** Stops it at once. */
  stop: () => Promise<void>;
}

/**
 * Serves `/healthz` (the process lives), `/readyz` (503 as soon as draining starts) and `/metrics`.
 *
 * @param address where it listens; should be loopback, since callers are not authenticated
 * @param sources where the answers come from
 * @throws the runtime's error when the address cannot be had
 */
export function listenForAdmin(
  address: { host: string; port: number },
  { isReady, metrics }: AdminSources,
): RunningAdmin {
  const server = Bun.serve({
    hostname: address.host,
    port: address.port,
    development: false,
    // Without this line two programs would share the port.
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
