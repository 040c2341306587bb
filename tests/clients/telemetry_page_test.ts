import { beforeAll, describe, expect, test } from "bun:test";
import { parse } from "yaml";
import { INSTRUMENTS } from "../../lib/runtime/observe/otlp/instruments.ts";
import { MAX_WAITING } from "../../lib/runtime/observe/otlp/span_queue.ts";
import {
  decoder,
  traceExchanges,
  type TracedExchanges,
} from "../server/telemetry/traced_exchanges.ts";
import { brokenLinks } from "../support/doc_page.ts";
import { codesIn } from "../support/code_blocks.ts";
import { ROOT } from "../support/root.ts";
import { runSignway } from "../support/run_signway.ts";

const PAGE = await Bun.file(`${ROOT}/docs/telemetry.md`).text();
const ENV = {
  SW_SECRET: "a secret of more than 32 bytes, as tokens need",
  OPENAI_API_KEY: "sk",
  HONEYCOMB_API_KEY: "hc",
};

/** The names in the first column of the table under a heading, and the rest of each line. */
function rowsUnder(heading: string): Map<string, string> {
  const [, section = ""] = PAGE.split(`\n## ${heading}\n`);
  const lines = section.split("\n## ")[0]!.split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [, names = "", rest = ""] = /^\| ((?:`[^`]+`,? ?)+) *\| (.*)/.exec(line) ?? [];
      return [...names.matchAll(/`([^`]+)`/g)].map(([, name]) => [name!, rest] as const);
    }),
  );
}

describe("docs/telemetry.md", () => {
  test.each(codesIn(PAGE, "toml").map((text, i) => [i + 1, text] as const))(
    "shows a configuration that is valid: %i",
    async (_, text) => {
      const files = { "signway.toml": text };
      const result = await runSignway(["check", "signway.toml"], { env: ENV, files });
      expect(result).toMatchObject({ code: 0, stderr: "" });
    },
  );

  test("shows YAML whose receivers take OTLP over HTTP", () => {
    const [collector, agent] = codesIn(PAGE, "yaml").map((text) => parse(text));
    const protocols = { http: { endpoint: "localhost:4318" } };
    expect(collector.receivers.otlp.protocols).toEqual(protocols);
    expect(agent.otlp_config.receiver.protocols).toEqual(protocols);
    for (const { receivers, exporters } of Object.values<Record<string, string[]>>(
      collector.service.pipelines,
    )) {
      expect(Object.keys(collector.receivers)).toEqual(expect.arrayContaining(receivers!));
      expect(Object.keys(collector.exporters)).toEqual(expect.arrayContaining(exporters!));
    }
  });

  test("lists every variable that is read, and no other", async () => {
    const source = await Bun.file(`${ROOT}/lib/config/telemetry/otel_environment.ts`).text();
    const read = new Set(source.match(/"OTEL_[A-Z_]+"/g)!.map((name) => name.slice(1, -1)));
    for (const signal of ["TRACES", "METRICS"]) read.add(`OTEL_${signal}_EXPORTER`);
    expect([...rowsUnder("Variables").keys()].toSorted()).toEqual([...read].toSorted());
  });

  test("has the bound of what waits", () => {
    expect(PAGE).toContain(`Up to ${MAX_WAITING.toLocaleString("en")} exchanges`);
  });

  test("links to headings that there are", async () => {
    const { broken, count } = await brokenLinks(PAGE, "telemetry.md");
    expect(broken).toEqual([]);
    expect(count).toBeGreaterThan(0);
  });
});

describe.skipIf("reason" in decoder)("docs/telemetry.md names", () => {
  let traced: TracedExchanges;
  beforeAll(async () => void (traced = await traceExchanges("http/protobuf")));

  test("each attribute of the spans, and the spans that have it", () => {
    const rows = rowsUnder("Spans");
    const kinds = new Map<string, Set<string>>();
    for (const { kind, attributes } of traced.spans) {
      for (const name of Object.keys(attributes)) {
        kinds.set(name, (kinds.get(name) ?? new Set()).add(kind.replace("SPAN_KIND_", "")));
      }
    }
    for (const [name, found] of kinds) {
      expect([name, rows.get(name)?.split("|")[0]?.trim()]).toEqual([
        name,
        [...found].toSorted((a, b) => (a > b ? -1 : 1)).join(", "),
      ]);
    }
    // The tests' providers report neither.
    const rare = ["gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.reasoning.output_tokens"];
    expect([...rows.keys()].toSorted()).toEqual(
      [...new Set([...kinds.keys(), ...rare])].toSorted(),
    );
  });

  test("each metric, its unit and its attributes", () => {
    const rows = rowsUnder("Metrics by OTLP");
    expect([...rows.keys()]).toEqual(Object.values(INSTRUMENTS).map(({ name }) => name));
    for (const { metric, unit, attributes } of traced.points) {
      const row = rows.get(metric)!;
      expect(row).toContain(`\`${unit}\``);
      if (row.includes("the same without")) continue;
      for (const name of Object.keys(attributes))
        expect([metric, row]).toEqual([metric, expect.stringContaining(`\`${name}\``)]);
    }
  });
});
