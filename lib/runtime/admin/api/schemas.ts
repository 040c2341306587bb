import { z } from "zod";
import { EXTENTS } from "../activity/gateways_usage.ts";
import { USAGE_KEYS } from "../activity/usage.ts";

const count = z.int().min(0);
const amount = z.number().min(0);
const time = z.iso.datetime();
const nullable = z.string().nullable();
const id = z.string().min(1).max(512);

/** Sizes of pages, in the query. */
const PAGE = {
  limit: z
    .string()
    .regex(/^([1-9]|[1-9][0-9]|[1-4][0-9][0-9]|500)$/)
    .optional(),
  offset: z
    .string()
    .regex(/^(0|[1-9][0-9]{0,5})$/)
    .optional(),
};

const ROWS = {
  ...PAGE,
  period: z.enum(["hour", "day"]).optional(),
  back: z
    .string()
    .regex(/^([0-9]|[12][0-9]|30)$/)
    .optional(),
  sort: z.enum(USAGE_KEYS).optional(),
  search: z.string().max(256).optional(),
};

/** Which page of usage, of which hour or day: `back` is 0 for the current one. */
export const rowsQuery = z.strictObject(ROWS);
/** As {@link rowsQuery}, of the end users of one app or of all. */
export const subjectsQuery = z.strictObject({ ...ROWS, app: id.optional() });
/** Which page: its largest size, and how many entries stand before it. */
export const pageQuery = z.strictObject(PAGE);
/** Which page of revocations, of one app or of all. */
export const revocationsQuery = z.strictObject({ ...PAGE, app: id.optional() });
/** Of which app, end user and token. */
export const ledgerQuery = z.strictObject({
  app: id,
  subject: id.optional(),
  token: id.optional(),
  issuer: id.optional(),
});

/** The credentials to revoke. */
export const revokedBody = z.union([
  z.strictObject({ app: id, token: id }),
  z.strictObject({ app: id, subject: id }),
  z.strictObject({ app: id, before: z.union([z.iso.datetime({ offset: true }), count]) }),
]);

const usage = {
  requests: count,
  errors: count,
  input_tokens: count,
  output_tokens: count,
  cost_usd: amount,
  bytes: count,
};

const gateways = z.enum(EXTENTS);

/** A page of usage. */
export const rowsOf = (...names: string[]) =>
  z.strictObject({
    period: z.enum(["hour", "day"]),
    from: time,
    gateways,
    total: count,
    rows: z.array(
      z.strictObject({ ...Object.fromEntries(names.map((name) => [name, z.string()])), ...usage }),
    ),
  });

const latency = z.strictObject({
  p50_ms: amount.nullable(),
  p95_ms: amount.nullable(),
  p99_ms: amount.nullable(),
});

/** The activity of the gateway: now, in the last hour and on each day. */
export const overview = z.strictObject({
  version: z.string(),
  now: time,
  started_at: time,
  uptime_s: amount,
  processes: count,
  generation: count,
  open: count,
  sockets: count,
  revocations: z.strictObject({ in_force: count, is_stale: z.boolean() }),
  total: z.strictObject(usage),
  time_to_first_byte: z.strictObject({ last_minute: latency, last_hour: latency }),
  gateways,
  days: z.array(z.strictObject({ day: time, ...usage })),
  last_hour: z.array(z.strictObject({ at: time, ...usage, codes: z.record(z.string(), count) })),
});

/** The last refusals, with what to do about each. */
export const refusals = z.strictObject({
  refusals: z.array(
    z.strictObject({
      time,
      code: z.string(),
      status: count,
      app: nullable,
      reason: nullable,
      method: z.string(),
      target: nullable,
      request_id: z.string(),
      remedy: z.string(),
    }),
  ),
});

const revocation = z.strictObject({
  app: z.string(),
  token: z.string().optional(),
  subject: z.string().optional(),
  before: time.optional(),
  made_at: time,
  kept_until: time,
});

/** A page of the revocations in force. */
export const revocations = z.strictObject({
  is_stale: z.boolean(),
  total: count,
  revocations: z.array(revocation),
});

/** A revocation that was made or lifted, and how many processes know of it. */
export const changed = z.strictObject({
  app: z.string(),
  token: z.string().optional(),
  subject: z.string().optional(),
  before: time.optional(),
  kept_until: time,
  is_lifted: z.boolean(),
  was_in_force: z.boolean(),
  processes: z.strictObject({ known: count, reached: count }),
});

/** The counters of an app, an end user and a token. */
export const ledger = z.strictObject({
  app: z.string(),
  scopes: z.array(
    z.strictObject({
      scope: z.enum(["app", "subject", "token"]),
      counters: z.array(
        z.strictObject({
          name: z.string(),
          used: amount.optional(),
          reserved: amount.optional(),
          limit: amount.optional(),
          left: amount.optional(),
          ends_at: time.optional(),
          full_at: time.optional(),
        }),
      ),
    }),
  ),
});

/** A page of the exchanges that are open. */
export const exchanges = z.strictObject({
  total: count,
  exchanges: z.array(
    z.strictObject({
      request_id: z.string(),
      app: z.string(),
      subject: nullable,
      method: z.string(),
      target: nullable,
      kind: z.enum(["http", "websocket"]),
      since: time,
      bytes_in: count,
      bytes_out: count,
    }),
  ),
});

/** How many exchanges were ended. */
export const ended = z.strictObject({ ended: count });
