import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { freePort } from "../../support/free_port.ts";
import { metricsAt } from "../../support/prometheus.ts";
import { type PrometheusServer, startPrometheus } from "../../support/prometheus_server.ts";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { ALERT_CASES } from "./alert_cases.ts";
import { startTraffic, type Traffic } from "./traffic.ts";

interface Panel {
  title: string;
  targets: { expr: string }[];
}

interface Dashboard {
  panels: Panel[];
  templating: { list: { name: string; query: string }[] };
}

const DASHBOARD = (await Bun.file(`${ROOT}/deploy/grafana/signway.json`).json()) as Dashboard;
const QUERIES = DASHBOARD.panels.flatMap(({ title, targets }) =>
  targets.map(({ expr }): [string, string] => [title, expr]),
);
const program = await requirement("prometheus", async () => {
  const path = Bun.which("prometheus");
  if (!path) throw new Error("prometheus is missing");
  return path;
});

/** A query as Grafana sends it when all apps are chosen. */
const asSent = (expr: string) => expr.replaceAll("$app", ".*").replaceAll("$__rate_interval", "5s");

describe.skipIf("reason" in program)("Prometheus, which scrapes a gateway under traffic,", () => {
  let traffic: Traffic;
  let prometheus: PrometheusServer;
  const admin = Promise.withResolvers<number>();
  beforeAll(async () => {
    if ("reason" in program) return;
    admin.resolve(await freePort());
    const port = await admin.promise;
    traffic = await startTraffic(port);
    const rules = `${ROOT}/deploy/prometheus/alerts.yml`;
    prometheus = await startPrometheus(program.value, `127.0.0.1:${port}`, rules);
  });
  afterAll(async () => {
    await prometheus?.[Symbol.asyncDispose]();
    await traffic?.stop();
  });

  test("loads the rules and evaluates each", async () => {
    const read = async () => {
      const { groups } = (await prometheus.api("rules")) as {
        groups: { rules: { name: string; health: string }[] }[];
      };
      return groups.flatMap(({ rules }) => rules);
    };
    await waitUntil("each rule", async () => (await read()).every(({ health }) => health === "ok"));
    expect((await read()).map(({ name }) => name)).toEqual(Object.keys(ALERT_CASES));
  });

  test.each(QUERIES)("returns data for the panel %s: %s", async (_, expr) => {
    const hasData = async () => {
      const series = await prometheus.query(asSent(expr));
      return series.some(({ value: [, value] }) => Number.isFinite(Number(value)));
    };
    await waitUntil(`data of ${expr}`, hasData, 30_000);
  });

  test("knows each metric that the queries and the alerts name", async () => {
    const known = new Set((await metricsAt(await admin.promise)).map(({ name }) => name));
    const alerts = await Bun.file(`${ROOT}/deploy/prometheus/alerts.yml`).text();
    const text = [alerts, ...QUERIES.map(([, expr]) => expr)].join("\n");
    const named = new Set(text.match(/\b(signway|process)_[a-z_]+\b/g));
    expect([...named].filter((name) => !known.has(name))).toEqual([]);
  });

  test("holds the alert for a credential that an upstream refuses", async () => {
    const pending = async () => {
      const { alerts } = (await prometheus.api("alerts")) as {
        alerts: { labels: Record<string, string> }[];
      };
      return alerts.some(({ labels }) => labels["alertname"] === "SignwayCredentialRefused");
    };
    await waitUntil("the alert", pending, 30_000);
  });

  test("has the apps for the dashboard's choice", async () => {
    const [, variable] = DASHBOARD.templating.list;
    expect(variable?.query).toBe("label_values(signway_requests_total, app)");
    expect(await prometheus.api("label/app/values")).toContain("web");
  });
});
