/** Why a server cannot have the ledger. */
export type ServerFault =
  | "unreachable"
  | "credentials"
  | "permissions"
  | "version"
  | "not_primary"
  | "maxmemory_policy"
  | "is_cluster"
  | "is_no_cluster";

/** The facts that a server reports about itself. */
export interface ServerInfo {
  /**
   * Its process and its replication id. A primary that was a replica in the meantime, and may have lost writes, has
   * another one.
   */
  runId: string;
  fault?: ServerFault | undefined;
}

// The first version with scripts that declare what they do.
const LEAST_VERSION = 7;

/**
 * Reads the answer to `INFO`, and finds why the server cannot have the ledger.
 *
 * @param text of all sections
 * @param isCluster whether it should be the node of a cluster
 */
export function readServerInfo(text: string, isCluster: boolean): ServerInfo {
  const fields = new Map(
    text.split(/\r?\n/).map((line) => {
      const colon = line.indexOf(":");
      return [line.slice(0, colon), line.slice(colon + 1).trim()] as const;
    }),
  );
  const runId = `${fields.get("run_id") ?? ""} ${fields.get("master_replid") ?? ""}`;
  return { runId, fault: faultOf(fields, isCluster) };
}

function faultOf(fields: ReadonlyMap<string, string>, isCluster: boolean): ServerFault | undefined {
  if (Number.parseInt(fields.get("redis_version") ?? "0") < LEAST_VERSION) return "version";
  if (fields.get("role") !== "master") return "not_primary";
  if (fields.get("maxmemory_policy") !== "noeviction") return "maxmemory_policy";
  const isNode = fields.get("cluster_enabled") === "1";
  if (isNode !== isCluster) return isNode ? "is_cluster" : "is_no_cluster";
  return undefined;
}
