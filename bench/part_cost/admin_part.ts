import { OpenExchanges } from "../../lib/gateway/ledger/revocation/open_exchanges.ts";
import { RevocationCopy } from "../../lib/gateway/ledger/revocation/revocation_copy.ts";
import { ActivityRelay } from "../../lib/runtime/admin/activity/relay.ts";
import { cpuSince, takeTurns } from "./take_turns.ts";

// Loaded before a gateway: by turns, each of its processes does for an exchange what the admin API needs, or leaves it out.
leaveOutByTurns(ActivityRelay.prototype, OpenExchanges.prototype, RevocationCopy.prototype);

/**
 * @param relay counts exchanges that have ended
 * @param open has those that are open
 * @param revocations has the revocations
 */
function leaveOutByTurns(
  relay: ActivityRelay,
  open: OpenExchanges,
  revocations: RevocationCopy,
): void {
  const turn = takeTurns();
  const { observe, flush } = relay;
  const { register } = open;
  const { isRevoked } = revocations;
  relay.observe = function (record) {
    turn.requests++;
    if (turn.hasPart) observe.call(this, record);
  };
  relay.flush = function () {
    const start = process.cpuUsage();
    flush.call(this);
    turn.handingOn += cpuSince(start);
  };
  open.register = function (exchange, admission) {
    // The gateway goes without, as it does when there is no admin API.
    return turn.hasPart ? register.call(this, exchange, admission) : (undefined as never);
  };
  revocations.isRevoked = function (app, credential) {
    return turn.hasPart && isRevoked.call(this, app, credential);
  };
}
