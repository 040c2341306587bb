import type { Settings } from "../config/settings.ts";
import type { ClientInfo } from "../gateway/inbound.ts";
import { createLedger } from "../gateway/ledger/create_ledger.ts";
import { MemoryStore } from "../gateway/ledger/memory/memory_store.ts";
import { TimerWheel } from "../gateway/time/timer_wheel.ts";
import type { TriedRequest } from "../gateway/trial.ts";
import { type Configured, createConfigure } from "./configured.ts";
import { silentLog } from "./observe/log.ts";

/**
 * Takes a request through the steps of a gateway with these settings, until delivery. Nothing is sent to an upstream
 * and nothing is logged. As the gateway does, it looks up a host that no rule names, and fetches the key set of an
 * identity provider.
 *
 * @param settings of a valid configuration
 * @param request as the gateway receives it
 * @param client what is known of the client
 * @returns what would be forwarded, or the response to a request that is refused
 */
export function tryRequest(
  settings: Settings,
  request: Request,
  client: ClientInfo,
): Promise<TriedRequest | Response> {
  const inForce = (): Configured => configured;
  const timers = new TimerWheel();
  const ledger = createLedger({ store: new MemoryStore(), timers });
  const log = silentLog();
  const configure = createConfigure({ log }, { timers, ledger }, () => "serving", inForce);
  const configured = configure(settings);
  // The gateway would answer a handshake. Here nobody asks it to.
  return configured.tryRequest(request, { ...client, acceptSocket: () => undefined });
}
