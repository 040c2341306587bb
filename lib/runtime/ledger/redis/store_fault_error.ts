import { shownAddress, type StoreAddress } from "../../../config/ledger/redis_location.ts";
import type { ServerFault } from "./server_info.ts";

/** Each reason as a sentence, with its remedy. */
export const STORE_FAULTS: Readonly<Record<ServerFault, string>> = {
  unreachable: "it cannot be reached: check the address, and whether the server runs",
  credentials:
    "it refuses the user and the password: give those of the server in the URL, percent-encoded",
  permissions:
    "its user may not run a command that the ledger needs: docs/limits.md has the least rights",
  version: "it is older than Redis 7: use Redis 7 or newer, or Valkey",
  not_primary: "it is a replica: name the primary, or use redis+sentinel://",
  maxmemory_policy:
    "it may forget counters: set maxmemory-policy noeviction there, in its configuration",
  is_cluster: "it is a node of a cluster: use redis+cluster://",
  is_no_cluster: "it is no node of a cluster: use redis://",
};

/** The error for a server that cannot have the ledger. It has no user and no password. */
export class StoreFaultError extends Error {
  override readonly name = "StoreFaultError";
  readonly code: ServerFault;
  /** Whether it does not go away by itself. */
  readonly isLasting: boolean;

  /**
   * @param address of the server
   * @param code the reason
   * @param cause the error of the connection
   */
  constructor(address: StoreAddress, code: ServerFault, cause?: unknown) {
    super(`the ledger's server ${shownAddress(address)}: ${STORE_FAULTS[code]}`, { cause });
    this.code = code;
    this.isLasting = code !== "unreachable" && code !== "not_primary";
  }
}
