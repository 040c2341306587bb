import type { RedisLocation } from "../../../config/ledger/redis_location.ts";
import { openNodes } from "./open_nodes.ts";
import { RedisRevocations } from "./redis_revocations.ts";
import { RedisUsage } from "./redis_usage.ts";
import { RedisStore } from "./redis_store.ts";
import { StoreFaultError } from "./store_fault_error.ts";

/** The events of a store in Redis or Valkey. */
export interface RedisStoreEvents {
  /** It cannot be used. Called once until it can be. */
  onFailure: (reason: string) => void;
  /** It can be used again. */
  onRecovery: () => void;
}

/** A store in Redis or Valkey, with its connections. */
export interface OpenRedisStore {
  store: RedisStore;
  revocations: RedisRevocations;
  usage: RedisUsage;
  /** Notes which apps there are, so that their first tokens are not older than their birth. */
  prepare: (apps: readonly string[]) => void;
  close: () => void;
}

/**
 * Connects with the servers of a store. When they cannot be reached it goes on trying, and operations fail meanwhile.
 *
 * @param location of the store
 * @param events what the log gets
 * @throws StoreFaultError when a server cannot have the ledger
 */
export async function openRedisStore(
  location: RedisLocation,
  { onFailure, onRecovery }: RedisStoreEvents,
): Promise<OpenRedisStore> {
  let isFailing = false;
  let apps: readonly string[] = [];
  const failed = (reason: string) => {
    if (!isFailing) onFailure(reason);
    isFailing = true;
  };
  const works = () => {
    if (isFailing) onRecovery();
    isFailing = false;
  };
  const nodes = openNodes(location, {
    onLink(link) {
      works();
      store.enter(apps, link);
      store.repeatEndings(link);
    },
    onFailure: failed,
  });
  const { isDurable } = location;
  const store = new RedisStore({ nodes, isDurable, onFailure: failed, onSuccess: works });
  const error = await nodes.tried;
  if (error instanceof StoreFaultError && error.isLasting) {
    nodes.close();
    throw error;
  }
  return {
    store,
    revocations: new RedisRevocations(nodes),
    usage: new RedisUsage(nodes),
    prepare(next) {
      apps = next;
      store.enter(apps);
    },
    close: () => nodes.close(),
  };
}
