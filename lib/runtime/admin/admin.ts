import { createApi } from "./api/api.ts";
import { MOST_RECEIVED } from "./api/read_body.ts";
import { errorResponse } from "./api/responses.ts";
import type { AdminSources } from "./sources.ts";

export type { AdminSources } from "./sources.ts";

/** A running admin listener. */
export interface RunningAdmin {
  port: number;
  /** Stops the listener and closes its connections at once. */
  stop: () => Promise<void>;
}

/**
 * Serves `/healthz` (200 as long as the process runs), `/readyz` (503 once draining starts) and `/metrics`, and the
 * admin API if there is a token for it.
 *
 * @param address the address to listen on; port 0 selects a free port. It should be a loopback address,
 *   because callers of these three are not authenticated.
 * @param sources the readiness, the metrics, and what the API shows
 * @returns the running listener
 * @throws the runtime's error when the address is in use or invalid
 */
export function listenForAdmin(
  address: { host: string; port: number },
  { isReady, metrics, isStale, api }: AdminSources,
): RunningAdmin {
  const answer = api && createApi(api);
  const server = Bun.serve({
    hostname: address.host,
    port: address.port,
    development: false,
    // Otherwise the runtime would let two programs share the port.
    reusePort: false,
    maxRequestBodySize: MOST_RECEIVED,
    routes: {
      "/healthz": () => new Response("ok\n"),
      "/readyz": async (request) => {
        const status = isReady() ? 200 : 503;
        const text = status === 200 ? "ok\n" : "no\n";
        const isVerbose = new URL(request.url).searchParams.has("verbose");
        return new Response(isVerbose ? text + staleText(await isStale()) : text, { status });
      },
      "/metrics": async () => metricsResponse(await metrics()),
    },
    fetch(request, listener) {
      if (answer) return answer({ request, address: listener.requestIP(request)?.address ?? "" });
      return new Response("/healthz, /readyz, /metrics\n", { status: 404 });
    },
    error: () => (answer ? errorResponse(undefined) : new Response("failed\n", { status: 500 })),
  });
  return { port: server.port!, stop: () => server.stop(true) };
}

function staleText(isStale: boolean | undefined): string {
  if (isStale === undefined) return "";
  return `revocations: ${isStale ? "stale" : "current"}\n`;
}

function metricsResponse(text: string): Response {
  return new Response(text, {
    headers: { "Content-Type": "text/plain; version=0.0.4; charset=utf-8" },
  });
}
