import { createRevocations } from "../../../lib/gateway/ledger/revocation/revocations.ts";
import { MemoryRevocations } from "../../../lib/gateway/ledger/revocation/memory_revocations.ts";
import type { Scope } from "../../../lib/gateway/ledger/forms/scope.ts";
import { MemoryStore } from "../../../lib/gateway/ledger/memory/memory_store.ts";
import { TimerWheel } from "../../../lib/gateway/time/timer_wheel.ts";
import { Activity } from "../../../lib/runtime/admin/activity/activity.ts";
import { GatewaysUsage } from "../../../lib/runtime/admin/activity/gateways_usage.ts";
import { ActivityRelay } from "../../../lib/runtime/admin/activity/relay.ts";
import type { CountedRecord } from "../../../lib/runtime/admin/activity/usage.ts";
import { listenForAdmin } from "../../../lib/runtime/admin/admin.ts";
import type { OpenExchangeState } from "../../../lib/runtime/admin/sources.ts";

/** The token of operators. */
export const TOKEN = "a-token-of-an-operator";

/** An admin listener whose gateway is this test. */
export interface DashboardStage {
  origin: string;
  /** Counts an exchange. */
  observe: (record: CountedRecord) => void;
  /** Hands on what was counted, as it is done every second. */
  flush: () => void;
  /** What is open; the test may change it. */
  exchanges: OpenExchangeState[];
  revoke: (subject: string, app?: string) => Promise<unknown>;
  /** Counts a use of the app. */
  use: (scope: Scope) => Promise<unknown>;
  /** The cookie of a new session. */
  logIn: () => Promise<{ name: string; value: string; url: string }>;
  stop: () => Promise<void>;
}

/**
 * Starts an admin listener.
 *
 * @param apps the ids of the apps
 */
export function startDashboard(apps: readonly string[] = ["web"]): DashboardStage {
  const now = Date.now;
  const activity = new Activity(now);
  const usage = new GatewaysUsage({ activity, now, store: undefined });
  const relay = new ActivityRelay({ send: (sums) => activity.add(sums), now });
  const parts = { store: new MemoryRevocations(), timers: new TimerWheel(), now };
  const revocations = createRevocations(parts);
  const exchanges: OpenExchangeState[] = [];
  const known = apps.map((id) => ({ id }));
  const settings = { generation: 1, apps: known, longestLife: 60, sockets: 0 };
  const store = new MemoryStore();
  const admin = listenForAdmin(
    { host: "127.0.0.1", port: 0 },
    {
      isReady: () => true,
      metrics: async () => "",
      isStale: () => false,
      api: {
        ...{ token: TOKEN, now, startedAt: now(), activity, usage, revocations, store },
        refresh: async () => relay.flush(),
        processes: async () => [{ ...settings, open: exchanges.length, exchanges }],
        endExchange: async () => 0,
      },
    },
  );
  const origin = `http://127.0.0.1:${admin.port}`;
  return {
    origin,
    observe: (record) => relay.observe(record),
    flush: () => relay.flush(),
    exchanges,
    revoke: (subject, app = "web") =>
      revocations.change({ app, subject }, { until: now() + 60_000 }),
    async use(scope) {
      const demands = [{ scope, counter: "uses" as const, limit: 5 }];
      return store.run({ kind: "reserve", app: "web", owner: "test", id: "1", demands });
    },
    async logIn() {
      const body = new URLSearchParams({ token: TOKEN });
      const response = await fetch(`${origin}/login`, { method: "POST", body, redirect: "manual" });
      const [name = "", value = ""] = response.headers.get("set-cookie")!.split(/[=;]/);
      return { name, value, url: origin };
    },
    stop: () => admin.stop(),
  };
}

/** An exchange that is open, for a list. */
export function openOne(id: string): OpenExchangeState {
  return {
    request_id: id,
    app: "web",
    subject: `user of ${id}`,
    method: "POST",
    target: "https://api.example.com/v1/responses",
    kind: "http",
    since: new Date().toISOString(),
    bytes_in: 1,
    bytes_out: 2,
  };
}
