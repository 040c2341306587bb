import type {
  RevocationStore,
  SyncReply,
  SyncRequest,
} from "../../../gateway/ledger/revocation/revocation_store.ts";

/**
 * Revocations that another process keeps.
 *
 * @param ask sends a request to this process; it resolves to `undefined` or `null` when no answer comes
 */
export function remoteRevocations(
  ask: (request: SyncRequest) => Promise<SyncReply | null | undefined>,
): RevocationStore {
  return {
    async sync(request) {
      const reply = await ask(request);
      if (!reply) throw new Error("the store of revocations did not answer");
      return reply;
    },
  };
}
