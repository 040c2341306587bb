import { OpenExchanges } from "../../lib/gateway/ledger/revocation/open_exchanges.ts";
import { ActivityRelay } from "../../lib/runtime/admin/activity/relay.ts";
import { cpuSince, takeTurns } from "./take_turns.ts";

// Loaded before a gateway: by turns, each of its processes does for an exchange what the admin API needs, or leaves it out.
leaveOutByTurns(ActivityRelay.prototype, OpenExchanges.prototype);

/**
 * @param relay counts exchanges that have ended
 * @param open has those that are open
 */
function leaveOutByTurns(relay: ActivityRelay, open: OpenExchanges): void {
  const turn = takeTurns();
  const { observe, flush } = relay;
  const { register } = open;
  relay.observe = function (record) {
    turn.requests++;
    if (turn.isDone) observe.call(this, record);
  };
  relay.flush = function () {
    const start = process.cpuUsage();
    flush.call(this);
    turn.handedOn += cpuSince(start);
  };
  open.register = function (exchange, admission) {
    // The gateway goes without, as it does when there is no admin API.
    return turn.isDone ? register.call(this, exchange, admission) : (undefined as never);
  };
}
