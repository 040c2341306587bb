import type { RunningServer } from "../measure/processes.ts";

/** The settings that every peer is started with. */
export interface Setup {
  /** The origin of the one upstream. */
  upstream: string;
  /** Path and query of every request of a peer that verifies nothing; empty: those of the request itself. */
  fixedTarget: string;
  id: string;
  secret: string;
  /** The value of the Authorization header that a verifying peer injects. */
  authorization: string;
  /** An empty folder of the peer's own. */
  folder: string;
  /** A file with the certificate of the authority that signed an https upstream's. Default: none. */
  ca?: string;
}

/** One row of a table: a gateway or proxy that can be started. */
export interface Peer {
  name: string;
  /** Whether it verifies the request, takes the target from it and injects the header. */
  verifies: boolean;
  /** The headers that a caller sends instead of a signature. Default: its requests are signed. */
  callerHeaders?(setup: Pick<Setup, "upstream" | "authorization">): Record<string, string>;
  start(setup: Setup): Promise<RunningServer>;
}
