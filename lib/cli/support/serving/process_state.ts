import type { Settings } from "../../../config/settings.ts";
import type { OpenExchange } from "../../../gateway/ledger/revocation/open_exchanges.ts";
import type { Revocations } from "../../../gateway/ledger/revocation/revocations.ts";
import type { OpenExchangeState, ProcessState } from "../../../runtime/admin/sources.ts";
import type { RunningGateway } from "../../../runtime/listen.ts";

/** A gateway that counts how often it was configured. */
export interface CountedGateway {
  gateway: RunningGateway;
  /** How often settings were put in force, the start included. */
  generation: () => number;
}

const MOST = 500;
const SWITCHED = 101;

/**
 * Counts how often a gateway is configured.
 *
 * @param gateway the running gateway
 */
export function countGenerations(gateway: RunningGateway): CountedGateway {
  let generation = 1;
  const configure = (settings: Settings) => {
    gateway.configure(settings);
    generation++;
  };
  return { gateway: { ...gateway, configure }, generation: () => generation };
}

/**
 * Describes this process for the admin API.
 *
 * @param counted the running gateway
 * @param revocations has the open exchanges
 * @param now milliseconds since the epoch
 */
export function processState(
  { gateway, generation }: CountedGateway,
  { open }: Revocations,
  now: number,
): ProcessState {
  const { apps, routes, maxExpires, clockSkew } = gateway.settings();
  const oldest = open.all.toSorted((one, other) => other.exchange.age - one.exchange.age);
  return {
    generation: generation(),
    apps: [
      ...apps.map(({ id, limits, subjectLimits }) => ({
        id,
        ...(limits && { limits }),
        ...(subjectLimits && { subjectLimits }),
      })),
      ...routes.map(({ id }) => ({ id })),
    ],
    longestLife: maxExpires + clockSkew,
    open: open.all.length,
    sockets: open.all.filter(({ exchange }) => exchange.record.status === SWITCHED).length,
    exchanges: oldest.slice(0, MOST).map((opened) => exchangeState(opened, now)),
  };
}

function exchangeState({ exchange, app }: OpenExchange, now: number): OpenExchangeState {
  const { requestId, subject, method, upstream, status, bytesIn, bytesOut } = exchange.record;
  return {
    request_id: requestId,
    app,
    subject: subject ?? null,
    method,
    target: upstream ?? null,
    kind: status === SWITCHED ? "websocket" : "http",
    since: new Date(now - exchange.age).toISOString(),
    bytes_in: bytesIn,
    bytes_out: bytesOut,
  };
}
