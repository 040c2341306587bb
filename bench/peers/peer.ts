import type { RunningServer } from "../measure/processes.ts";

/** What every peer is started with. */
export interface Setup {
  /** The origin of the one upstream. */
  upstream: string;
  /** Where a peer that verifies nothing sends every request, path and query; empty: the path of the request. */
  fixedTarget: string;
  id: string;
  secret: string;
  /** The value of the Authorization header that a verifying peer injects. */
  authorization: string;
  /** An empty folder of the peer's own. */
  folder: string;
  /** A file with the certificate that an https upstream's is signed by. */
  ca?: string;
}

/** One row of a table. */
export interface Peer {
  name: string;
  /** Whether it verifies the request, takes the target from it and injects the header. */
  verifies: boolean;
  /** Whether the caller itself brings the upstream's key. */
  isKeyBased?: true;
  start(setup: Setup): Promise<RunningServer>;
}
