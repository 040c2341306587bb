import type { RunningServer } from "../measure/processes.ts";
import { startNginx } from "./nginx.ts";

/**
 * Starts the upstream: an nginx that answers every request with about a hundred bytes of JSON, which
 * say the path and whether the Authorization header was right.
 */
export function startUpstream(authorization: string, folder: string): Promise<RunningServer> {
  return startNginx("upstream.conf", { authorization }, folder);
}

/** How many requests the upstream has been asked so far, this one included. */
export async function upstreamRequests(port: number): Promise<number> {
  const status = await fetch(`http://127.0.0.1:${port}/status`, { proxy: false });
  return Number(/^ \d+ \d+ (\d+)/m.exec(await status.text())?.[1]);
}
