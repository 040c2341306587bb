import type { RunningServer } from "../processes.ts";

/** What every peer is started with. */
export interface Setup {
  /** The one upstream, at 127.0.0.1. */
  upstreamPort: number;
  /** Where a peer that cannot take its target from the URL sends every request: a path with query. */
  fixedTarget: string;
  id: string;
  secret: string;
  /** The value of the Authorization header that a verifying peer injects. */
  authorization: string;
  /** An empty folder of the peer's own. */
  folder: string;
}

/** One row of a table. */
export interface Peer {
  name: string;
  /**
   * Where its target comes from. `signed`: it verifies the URL, takes the target from it and injects
   * the header. `fixed`: it passes everything on to one target. `none`: it is the upstream itself.
   */
  target: "signed" | "fixed" | "none";
  start(setup: Setup): Promise<RunningServer>;
}
