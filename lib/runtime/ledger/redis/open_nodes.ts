import type { RedisLocation } from "../../../config/ledger/redis_location.ts";
import { ClusterNodes } from "./cluster_nodes.ts";
import type { NodeEvents, Nodes } from "./nodes.ts";
import { SentinelNodes } from "./sentinel_nodes.ts";
import { SingleNode } from "./single_node.ts";

/** Servers to which the first connection is under way. */
export interface OpeningNodes extends Nodes {
  /** Resolves after the first try, to its error if there was one. */
  readonly tried: Promise<unknown>;
}

const KINDS = { single: SingleNode, sentinel: SentinelNodes, cluster: ClusterNodes };

/**
 * Connects with the servers of a store, and keeps the connections.
 *
 * @param location of the store
 * @param events of the connections
 */
export function openNodes(location: RedisLocation, events: NodeEvents): OpeningNodes {
  return new KINDS[location.kind](location, events);
}
