import { z } from "zod";
import { APP_ROWS } from "./rows/app_rows.ts";
import { CORS_ROWS } from "./rows/cors_rows.ts";
import { EXCHANGE_ROWS } from "./rows/exchange_rows.ts";
import { fieldsOf } from "./rows/fields_of.ts";
import { LEDGER_ROW } from "./rows/ledger_row.ts";
import { LISTEN_ROW } from "./rows/listen_row.ts";
import { OTLP_ROWS } from "./rows/otlp_rows.ts";
import { policy } from "./rows/policy_rows.ts";
import { PROCESS_ROWS } from "./rows/process_rows.ts";
import { ROUTE_ROWS } from "./rows/route_rows.ts";
import type { SettingRows } from "./rows/setting_row.ts";

/**
 * The table of all settings, with one row per top-level key of the configuration file. The schema, the
 * flags, the help, `Settings` and the tables of docs/configuration.md are derived from the rows.
 */
export const SETTINGS = {
  listen: LISTEN_ROW,
  ...EXCHANGE_ROWS,
  ledger: LEDGER_ROW,
  ...PROCESS_ROWS,
  cors: {
    type: z.strictObject(fieldsOf(CORS_ROWS)),
    default: {},
    details:
      "[Pages that may read responses](#cors). An app or a route may have a table of its own.",
    rows: CORS_ROWS,
    becomes: ["cors"],
  },
  otlp: {
    type: z.strictObject(fieldsOf(OTLP_ROWS)),
    details: "[Where traces and metrics are exported to](#otlp). Default: the `OTEL_…` variables.",
    becomes: ["otlp", "telemetry"],
    needsRestart: true,
  },
  app: {
    type: z.array(z.strictObject(fieldsOf(APP_ROWS))),
    default: [],
    details: "[Apps that sign URLs and tokens](#app). At least one app or route is required.",
    becomes: ["apps"],
  },
  route: {
    type: z.array(z.strictObject(fieldsOf(ROUTE_ROWS))),
    default: [],
    details: "[APIs under paths of the gateway](#route).",
    becomes: ["routes"],
  },
  policy: {
    type: z.array(policy),
    default: [],
    details: "[Policies: what requests may say](#policy).",
    becomes: ["policies"],
  },
} as const satisfies SettingRows;
