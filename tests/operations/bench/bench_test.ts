import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { SCENARIOS } from "../../../bench/scenarios/mod.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { finished } from "../../support/finished.ts";

const NEEDED = [
  "/usr/bin/redis-server",
  "/usr/sbin/nginx",
  "/usr/bin/wrk",
  "/usr/lib/nginx/modules/ngx_http_js_module.so",
];

const peers = await requirement("nginx with njs, wrk and Redis", async () => {
  const missing = NEEDED.filter((path) => !existsSync(path));
  if (missing.length > 0) throw new Error(`there is no ${missing.join(", ")}`);
  return NEEDED;
});

/** Runs the program as `bun run bench` does. */
async function bench(...args: string[]) {
  const child = Bun.spawn([process.execPath, "--no-orphans", "bench/run.ts", ...args], {
    cwd: ROOT,
    stdout: "pipe",
    stderr: "pipe",
  });
  const { code, stdout: output, stderr: errors } = await finished(child);
  return { code, output, errors };
}

/** The cells of each row of a report's tables, by the row's first cell. */
function rowsOf(report: string): Map<string, string[]> {
  const rows = report.matchAll(/^\| (.*?) +\| (.*) \|$/gm);
  return new Map(
    [...rows].map(([, name, cells]) => [name!, cells!.split("|").map((c) => c.trim())]),
  );
}

/** The rows that a scenario has to have beside others. */
const ROWS: Record<string, string[]> = {
  small_get: ["Signway", "nginx with njs", "nginx, plain proxy", "native operations alone"],
  small_post: ["Signway", "nginx with njs", "nginx, plain proxy", "bare Bun pass-through"],
  tokens: [
    "Signway, access tokens",
    "Signway, access tokens that are new",
    "Signway, signed URLs",
    "bare Bun pass-through",
  ],
  telemetry: ["neither", "metrics, and OTLP with 10 % of the traces"],
  policies: ["`JSON.parse` of the body, as bytes"],
  streams: ["Signway", "nginx, plain proxy", "bare Bun pass-through", "native operations alone"],
  sockets: ["Signway", "nginx, plain proxy", "bare Bun pass-through"],
  big_bodies: ["Signway", "nginx, plain proxy", "bare Bun pass-through", "no gateway"],
  https_upstream: ["Signway", "nginx, plain proxy", "bare Bun pass-through"],
  llm_budgets: ["Signway, budgets in Redis", "Signway, without limits"],
  llm: ["Signway", "Portkey's gateway"],
  llm_streams: ["Signway", "Signway, budgets in Redis", "Portkey's gateway", "no gateway"],
  workers: ["Signway, 1 worker", "Signway, 2 workers"],
  admin: ["Signway, metrics", "Signway, metrics and the admin API"],
  growth_apps: ["Signway", "bare Bun pass-through"],
  growth_connections: ["Signway", "nginx, plain proxy", "bare Bun pass-through"],
  growth_streams: ["Signway", "nginx, plain proxy", "bare Bun, bodies read"],
  growth_headers: ["Signway", "nginx with njs"],
  growth_bodies: ["Signway", "nginx with njs"],
  start: [
    "Signway",
    "bare Bun pass-through",
    "bare Bun with the same packages and settings",
    "Portkey's gateway",
  ],
  ledger: ["memory, 1 counter", "SQLite, 1 counter, 32 at once"],
  growth_ledger: ["the ledger in memory"],
  ledger_redis: ["1 counter, alone", "9 counters, 32 at once"],
  growth_redis: ["the ledger in Redis"],
  verify: ["stage: parse the query", "peer: both hashes in `node:crypto`"],
};

/** The rows whose last cell may be any number: in a second, noise is more than what is measured. */
const PARTS: Record<string, string[]> = {
  policies: ["guarded: one model, a cap of output tokens"],
  admin: ["the admin API, by turns"],
  telemetry: [
    "metrics for Prometheus, by turns",
    "metrics, and OTLP with 10 % of the traces, by turns",
  ],
};

describe("bun run bench", () => {
  test.skipIf("reason" in peers).each(Object.keys(SCENARIOS))(
    "measures %s beside its peers",
    async (name) => {
      const { code, output, errors } = await bench(name, "--smoke");
      expect({ code, ...(code !== 0 && { errors }) }).toEqual({ code: 0 });
      expect(output.match(/^## /gm)).toHaveLength(1);
      expect(output).not.toContain("NaN");
      const rows = rowsOf(output);
      for (const row of ROWS[name]!) {
        const measured = rows
          .get(row)!
          .map(Number.parseFloat)
          .filter((value) => value > 0);
        expect({ row, measured: measured.length > 0 }).toEqual({ row, measured: true });
      }
      for (const row of PARTS[name] ?? []) expect(rows.get(row)!.at(-1)).toMatch(/^-?\d/);
    },
  );

  test("says what it takes when it is asked for what there is not", async () => {
    const { code, errors } = await bench("nothing");
    expect(code).toBe(2);
    expect(errors).toContain("small_get");
  });
});
