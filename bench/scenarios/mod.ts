import type { Scenario } from "../scenario.ts";
import { admin } from "./admin.ts";
import { bigBodies } from "./big_bodies.ts";
import { growthApps } from "./growth_apps.ts";
import { growthConnections } from "./growth_connections.ts";
import { growthLedger } from "./growth_ledger.ts";
import { growthBodies, growthHeaders } from "./growth_requests.ts";
import { growthRedis } from "./growth_redis.ts";
import { growthStreams } from "./growth_streams.ts";
import { httpsUpstream } from "./https_upstream.ts";
import { ledger } from "./ledger.ts";
import { ledgerRedis } from "./ledger_redis.ts";
import { llm } from "./llm.ts";
import { llmBudgets } from "./llm_budgets.ts";
import { llmStreams } from "./llm_streams.ts";
import { policies } from "./policies.ts";
import { smallGet, smallPost } from "./small_requests.ts";
import { sockets } from "./sockets.ts";
import { start } from "./start.ts";
import { streams } from "./streams.ts";
import { telemetry } from "./telemetry.ts";
import { tokens } from "./tokens.ts";
import { verify } from "./verify.ts";
import { workers } from "./workers.ts";

/** Everything that is measured, in the order of the report. */
export const SCENARIOS: Readonly<Record<string, Scenario>> = {
  small_get: smallGet,
  small_post: smallPost,
  tokens,
  telemetry,
  policies,
  streams,
  sockets,
  big_bodies: bigBodies,
  https_upstream: httpsUpstream,
  llm,
  llm_budgets: llmBudgets,
  llm_streams: llmStreams,
  workers,
  admin,
  growth_apps: growthApps,
  growth_connections: growthConnections,
  growth_streams: growthStreams,
  growth_headers: growthHeaders,
  growth_bodies: growthBodies,
  start,
  verify,
  ledger,
  growth_ledger: growthLedger,
  ledger_redis: ledgerRedis,
  growth_redis: growthRedis,
};
