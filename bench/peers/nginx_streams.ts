import { startNginx } from "./nginx.ts";
import type { Peer } from "./peer.ts";

/** Passes every path on unchanged, and every event at once. */
export const nginxStreams: Peer = {
  name: "nginx, plain proxy",
  target: "fixed",
  start({ upstreamPort, folder }) {
    return startNginx("streams.conf", { upstreamPort }, folder);
  },
};
