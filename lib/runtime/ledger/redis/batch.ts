import { amountName, type CounterDemand } from "../../../gateway/ledger/demand.ts";
import { intervalOf, rateName } from "../../../gateway/ledger/forms/rate.ts";
import type { Scope } from "../../../gateway/ledger/forms/scope.ts";
import type { Operation, ReserveOperation } from "../../../gateway/ledger/store.ts";

/** An operation of the store itself: a server notes its run id for an app. */
export interface EnterOperation {
  kind: "enter";
  app: string;
}

/** An operation, and what it needs declared beside what it names itself. */
export interface Planned {
  operation: Operation | EnterOperation;
  /** The scopes of the reservation that it ends, as far as they are known. */
  scopes: readonly Scope[];
}

/** The properties of a server that the script has to know. */
export interface ServerTraits {
  runId: string;
  /** Whether it never loses what it has acknowledged. */
  isDurable: boolean;
  /** How long another server may be used after this one has taken over, in milliseconds. */
  overlapMs: number;
}

/** Keys that a call needs beside those that its operations name. */
export interface Missing {
  scopes: Scope[];
  /** Of reservations, encoded. */
  ids: string[];
}

/** The most operations of one call of the script. */
export const AT_ONCE = 32;

/**
 * Returns what stands for a name in the names of keys: it has no braces and no colons.
 *
 * @param name of an app, an owner or a reservation
 */
export function tagOf(name: string): string {
  return encodeURIComponent(name.toWellFormed());
}

/**
 * Returns what comes before the names of all keys of an app. Its braces put all of them into one slot.
 *
 * @param app the id
 */
export function prefixOf(app: string): string {
  return `sw1:{${tagOf(app)}}:`;
}

/**
 * Returns the arguments of `EVALSHA` after the hash: the keys, and what the script reads.
 *
 * @param prefix of the app's keys
 * @param planned operations of one app
 * @param server what the script has to know of it
 * @param missing keys that were missing when the script was called before
 */
export function argumentsOf(
  prefix: string,
  planned: readonly Planned[],
  { runId, isDurable, overlapMs }: ServerTraits,
  missing?: Missing,
): string[] {
  const strings = new Set<string>([`${prefix}m`]);
  for (const scope of missing?.scopes ?? []) strings.add(`${prefix}s:${scope}`);
  for (const id of missing?.ids ?? []) strings.add(`${prefix}d:${id}`);
  const owners = new Set<string>();
  const wire = planned.map((one) => wireOf(prefix, one, { strings, owners }));
  const queue = planned.some(mayQueue) ? [`${prefix}q`, `${prefix}c`] : [];
  return [
    String(strings.size + owners.size + queue.length + 1),
    ...strings,
    `${prefix}l`,
    ...owners,
    ...queue,
    ...[
      runId,
      isDurable ? "1" : "0",
      String(strings.size),
      JSON.stringify(wire),
      String(overlapMs),
    ],
  ];
}

/** Whether an operation may queue or collect receipts. */
function mayQueue({ operation }: Planned): boolean {
  const { kind } = operation;
  if (kind === "settle") return operation.receipt !== undefined;
  // What a reservation of another process holds is not known here.
  return kind === "collect" || kind === "release" || kind === "sweep";
}

/** Adds the keys of an operation, and returns it as the script reads it. */
function wireOf(
  prefix: string,
  { operation, scopes }: Planned,
  keys: { strings: Set<string>; owners: Set<string> },
): object {
  const { kind } = operation;
  for (const scope of scopes) keys.strings.add(`${prefix}s:${scope}`);
  if (kind === "enter") return { kind };
  if ("scopes" in operation) {
    for (const scope of operation.scopes) keys.strings.add(`${prefix}s:${scope}`);
    return { kind, scopes: operation.scopes };
  }
  if (operation.kind === "collect") {
    const { isLast, sender } = operation;
    const delivered = operation.delivered.map(({ id, revision }) => `${tagOf(id)}/${revision}`);
    return { kind, delivered, isLast, sender };
  }
  const owner = tagOf(operation.owner);
  keys.owners.add(`${prefix}o:${owner}`);
  if (!("id" in operation)) return { ...operation, owner, app: undefined };
  const id = tagOf(operation.id);
  keys.strings.add(`${prefix}d:${id}`);
  if (!("demands" in operation)) return { ...operation, owner, id, app: undefined };
  for (const { scope } of operation.demands) keys.strings.add(`${prefix}s:${scope}`);
  const demands = operation.demands.map(demandOf);
  return kind === "reserve"
    ? reservation(operation, owner, id, demands)
    : { kind, owner, id, demands };
}

type WireDemand = readonly (string | number)[];

function reservation(
  { credential, elastic, receipt }: ReserveOperation,
  owner: string,
  id: string,
  demands: readonly WireDemand[],
): object {
  return {
    kind: "reserve",
    owner,
    id,
    demands,
    ...(credential && { times: [credential.issuedAt, credential.expiresAt] }),
    ...(receipt !== undefined && { receipt }),
    ...(elastic && { elastic: [elastic.least, elastic.most, elastic.isAsked] }),
  };
}

function demandOf(demand: CounterDemand): WireDemand {
  const { counter, scope } = demand;
  if (counter === "rate") {
    const { limit } = demand;
    return [counter, scope, rateName(limit), intervalOf(limit), limit.burst];
  }
  const name = amountName(demand);
  if (!("fixed" in demand)) return [counter, scope, name, demand.limit];
  return [counter, scope, name, demand.limit, demand.fixed, demand.unit ?? 0];
}
