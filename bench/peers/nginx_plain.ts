import { startNginx } from "./nginx.ts";
import type { Peer } from "./peer.ts";

export const nginxPlain: Peer = {
  name: "nginx, plain proxy",
  target: "fixed",
  start({ upstreamPort, fixedTarget, folder }) {
    return startNginx("plain.conf", { upstreamPort, fixedTarget }, folder);
  },
};
