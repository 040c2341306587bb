import { afterAll, describe, expect, test } from "bun:test";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse, stringify } from "yaml";
import { requirement } from "../../support/requirement.ts";
import { ROOT } from "../../support/root.ts";
import { ALERT_CASES, type Series } from "./alert_cases.ts";

const FOLDER = `${ROOT}/deploy/prometheus`;
const ALERTS = `${FOLDER}/alerts.yml`;

interface Rule {
  alert: string;
  expr: string;
  annotations: { summary: string; runbook_url: string };
}

const { groups } = parse(await Bun.file(ALERTS).text()) as { groups: { rules: Rule[] }[] };
const rules = groups.flatMap((group) => group.rules);
const promtool = await requirement("promtool", async () => {
  const path = Bun.which("promtool");
  if (!path) throw new Error("promtool is missing");
  return path;
});
const folder = await mkdtemp(join(tmpdir(), "signway-alerts-"));
afterAll(() => rm(folder, { recursive: true }));

async function run(...args: string[]): Promise<{ code: number; output: string }> {
  if ("reason" in promtool) throw new Error(promtool.reason);
  const child = Bun.spawn([promtool.value, ...args], { stdout: "pipe", stderr: "pipe" });
  const output = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  return { code: await child.exited, output: output.join("") };
}

/** Runs a unit test of promtool: which alerts with this name fire then. */
async function firing(
  alert: string,
  { series, after, expected }: { series: Series; after: number; expected: object[] },
) {
  const file = join(folder, `${alert}-${expected.length}.yml`);
  const test = {
    rule_files: [ALERTS],
    evaluation_interval: "1m",
    tests: [
      {
        interval: "1m",
        input_series: [...series].map(([name, values]) => ({ series: name, values })),
        alert_rule_test: [{ eval_time: `${after}m`, alertname: alert, exp_alerts: expected }],
      },
    ],
  };
  await Bun.write(file, stringify(test));
  return run("test", "rules", file);
}

describe("deploy/prometheus", () => {
  test("has ten alerts, each with a runbook and a unit test", async () => {
    expect(rules.map(({ alert }) => alert)).toEqual(Object.keys(ALERT_CASES));
    expect(rules).toHaveLength(10);
    const page = await Bun.file(`${ROOT}/docs/telemetry.md`).text();
    for (const { alert, annotations } of rules) {
      expect(annotations.runbook_url).toBe(`docs/telemetry.md#${alert.toLowerCase()}`);
      expect(page).toMatch(new RegExp(`^### ${alert}$`, "m"));
    }
  });

  test.skipIf("reason" in promtool)(
    "has rules and a configuration that promtool accepts",
    async () => {
      expect(await run("check", "rules", ALERTS)).toMatchObject({ code: 0 });
      expect(await run("check", "config", `${FOLDER}/prometheus.yml`)).toMatchObject({ code: 0 });
    },
  );
});

describe.skipIf("reason" in promtool)("the alert", () => {
  test.each(Object.entries(ALERT_CASES))(
    "%s fires",
    async (alert, { fires, after, labels, summary }) => {
      const runbook = `docs/telemetry.md#${alert.toLowerCase()}`;
      const annotations = { summary, runbook_url: runbook };
      const expected = [{ exp_labels: labels, exp_annotations: annotations }];
      const result = await firing(alert, { series: fires, after, expected });
      expect(result).toEqual({ code: 0, output: expect.any(String) });
    },
  );

  test.each(Object.entries(ALERT_CASES))("%s does not fire", async (alert, { silent, after }) => {
    const result = await firing(alert, { series: silent, after, expected: [] });
    expect(result).toMatchObject({ code: 0 });
  });
});
