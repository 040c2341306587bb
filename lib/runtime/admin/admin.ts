/** What the admin listener asks. */
export interface AdminSources {
  /** Whether new requests are taken. */
  isReady: () => boolean;
  /** The metrics in Prometheus' text format. */
  metrics: () => Promise<string>;
}

/**
 * Serves `/healthz` (the process lives), `/readyz` (503 as soon as draining starts) and `/metrics`.
 *
 * @param address where; loopback by advice, since nothing here asks who calls
 * @param sources what to say
 * @throws the runtime's error when the address cannot be had
 */
export function listenForAdmin(
  address: { host: string; port: number },
  { isReady, metrics }: AdminSources,
): { port: number; stop: () => Promise<void> } {
  const server = Bun.serve({
    hostname: address.host,
    port: address.port,
    development: false,
    routes: {
      "/healthz": () => new Response("ok\n"),
      "/readyz": () => (isReady() ? new Response("ok\n") : new Response("no\n", { status: 503 })),
      "/metrics": async () =>
        new Response(await metrics(), {
          headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" },
        }),
    },
    fetch: () => new Response("/healthz, /readyz, /metrics\n", { status: 404 }),
    error: () => new Response("failed\n", { status: 500 }),
  });
  return { port: server.port!, stop: () => server.stop(true) };
}
