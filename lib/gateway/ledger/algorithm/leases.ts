import type { BeatOperation, Results, SweepOperation, Swept } from "../store.ts";
import { chargeWhole } from "./close.ts";
import { expiredOwners, LEASE_MS } from "./reserve.ts";
import type { Moment, Rows } from "./rows.ts";

// A sweep must not delay other operations for long.
const SWEPT_AT_ONCE = 100;

/**
 * Renews the lease of an owner, if it has an open reservation.
 *
 * @param rows of the app
 * @param operation the owner
 * @param at the store's time
 * @returns other owners, whose leases have ended
 */
export function beat(rows: Rows, { owner }: BeatOperation, { now }: Moment): Results["beat"] {
  if (rows.lease(owner) !== undefined) rows.setLease(owner, now + LEASE_MS);
  return { expired: expiredOwners(rows, now) };
}

/**
 * Charges what an owner has reserved and frees its places, if its lease has ended.
 *
 * @param rows of the app
 * @param operation the owner
 * @param at the store's time
 */
export function sweep(rows: Rows, { owner, isDead }: SweepOperation, at: Moment): Swept {
  const lease = rows.lease(owner);
  if (lease === undefined || (!isDead && lease > at.now)) return { count: 0, hasMore: false };
  const reservations = rows.openOf(owner, SWEPT_AT_ONCE);
  for (const [id, open] of reservations) chargeWhole(rows, { owner, id, open }, at);
  return { count: reservations.length, hasMore: rows.lease(owner) !== undefined };
}
