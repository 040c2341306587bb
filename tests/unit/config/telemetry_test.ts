import { describe, expect, test } from "bun:test";
import { readOtelEnvironment } from "../../../lib/config/telemetry/otel_environment.ts";
import { describeSettings } from "../../../lib/config/description/describe_settings.ts";
import { describeChanges } from "../../../lib/config/describe_changes.ts";
import { telemetryFrom } from "../../../lib/config/telemetry/telemetry_from.ts";
import { APP, mistakesOfFile, settingsOfFile } from "./configured.ts";

const settingsOf = (env: Record<string, string>, table = {}) => {
  const { values, mistakes } = readOtelEnvironment(env);
  expect(mistakes).toEqual([]);
  return telemetryFrom(table, values);
};

const ENDPOINT = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" };
const DEFAULTS = {
  traces: "http://collector:4318/v1/traces",
  metrics: "http://collector:4318/v1/metrics",
  headers: [],
  protocol: "http/protobuf",
  resource: { "service.name": "signway" },
  sampling: { ratio: 1, followsParent: true },
  timeout: 10_000,
  scheduleDelay: 5_000,
  metricInterval: 60_000,
} as const;

describe("the environment of OpenTelemetry", () => {
  test.each<[string, Record<string, string>, object | undefined]>([
    ["no endpoint: nothing is exported", {}, undefined],
    ["an endpoint", ENDPOINT, DEFAULTS],
    ["an empty variable", { ...ENDPOINT, OTEL_SERVICE_NAME: "" }, DEFAULTS],
    ["the switch", { ...ENDPOINT, OTEL_SDK_DISABLED: "true" }, undefined],
    [
      "endpoints of signals, used as they are",
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "https://t.example/in?a=b" },
      { ...DEFAULTS, traces: "https://t.example/in?a=b" },
    ],
    [
      "one signal alone",
      { OTEL_EXPORTER_OTLP_METRICS_ENDPOINT: "http://m:1/" },
      (({ traces: _, ...rest }) => ({ ...rest, metrics: "http://m:1/" }))(DEFAULTS),
    ],
    [
      "a signal without exporter",
      { ...ENDPOINT, OTEL_TRACES_EXPORTER: "otlp", OTEL_METRICS_EXPORTER: "none" },
      (({ metrics: _, ...rest }) => rest)(DEFAULTS),
    ],
    [
      "headers, percent-encoded",
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_HEADERS: "api-key=a%20b, x=c=d" },
      {
        ...DEFAULTS,
        headers: [
          ["api-key", "a b"],
          ["x", "c=d"],
        ],
      },
    ],
    [
      "JSON",
      { ...ENDPOINT, OTEL_EXPORTER_OTLP_PROTOCOL: "http/json" },
      { ...DEFAULTS, protocol: "http/json" },
    ],
    [
      "the resource; the name of the service wins",
      { ...ENDPOINT, OTEL_RESOURCE_ATTRIBUTES: "a=1,service.name=x", OTEL_SERVICE_NAME: "y" },
      { ...DEFAULTS, resource: { a: "1", "service.name": "y" } },
    ],
    ...(
      [
        ["always_on", 1, false],
        ["always_off", 0, false],
        ["traceidratio", 0.25, false],
        ["parentbased_always_on", 1, true],
        ["parentbased_always_off", 0, true],
        ["parentbased_traceidratio", 0.25, true],
      ] as const
    ).map(([sampler, ratio, followsParent]): [string, Record<string, string>, object] => [
      `the sampler ${sampler}`,
      { ...ENDPOINT, OTEL_TRACES_SAMPLER: sampler, OTEL_TRACES_SAMPLER_ARG: "0.25" },
      { ...DEFAULTS, sampling: { ratio, followsParent } },
    ]),
    [
      "times",
      {
        ...ENDPOINT,
        OTEL_EXPORTER_OTLP_TIMEOUT: "1",
        OTEL_BSP_SCHEDULE_DELAY: "2",
        OTEL_METRIC_EXPORT_INTERVAL: "3",
      },
      { ...DEFAULTS, timeout: 1, scheduleDelay: 2, metricInterval: 3 },
    ],
  ])("sets %s", (_, env, expected) => {
    expect(settingsOf(env)).toEqual(expected as never);
  });

  test.each([
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "canary:4318"],
    ["OTEL_EXPORTER_OTLP_ENDPOINT", "https://user:canary@collector"],
    ["OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "canary"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "canary"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "host=canary"],
    ["OTEL_EXPORTER_OTLP_HEADERS", "a=%zzcanary"],
    ["OTEL_EXPORTER_OTLP_PROTOCOL", "grpc"],
    ["OTEL_TRACES_SAMPLER", "canary"],
    ["OTEL_TRACES_SAMPLER_ARG", "1.5"],
    ["OTEL_TRACES_EXPORTER", "canary"],
    ["OTEL_METRICS_EXPORTER", "otlp,canary"],
    ["OTEL_METRIC_EXPORT_INTERVAL", "-1"],
  ])("is a mistake with %s=%s, which is not repeated", (name, value) => {
    const { mistakes } = readOtelEnvironment({ [name]: value });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toStartWith(`${name} `);
    expect(mistakes[0]).not.toContain("canary");
  });
});

test("what [otlp] sets wins over the environment", () => {
  const env = {
    OTEL_EXPORTER_OTLP_ENDPOINT: "http://other",
    OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://other",
    OTEL_EXPORTER_OTLP_HEADERS: "a=b",
    OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf",
    OTEL_SERVICE_NAME: "other",
    OTEL_TRACES_SAMPLER: "always_off",
  };
  const table = {
    endpoint: "http://collector:4318/otlp/",
    headers: [["x", "y"]] as const,
    protocol: "http/json",
    serviceName: "own",
    sample: 0.1,
  } as const;
  expect(settingsOf(env, table)).toEqual({
    ...DEFAULTS,
    traces: "http://collector:4318/otlp/v1/traces",
    metrics: "http://collector:4318/otlp/v1/metrics",
    headers: [["x", "y"]],
    protocol: "http/json",
    resource: { "service.name": "own" },
    sampling: { ratio: 0.1, followsParent: true },
  });
});

describe("a file with [otlp]", () => {
  const APPS = { app: [APP] };

  test.each([
    ["no endpoint anywhere", {}, /^otlp\.endpoint must be set/],
    ["a path", { endpoint: "/v1" }, /^otlp\.endpoint must be an http or https URL/],
    ["user info", { endpoint: "http://a:canary@b" }, /^otlp\.endpoint must not contain user info/],
    ["grpc", { endpoint: "http://a", protocol: "grpc" }, /^otlp\.protocol must be/],
    ["a share above 1", { endpoint: "http://a", sample: 1.1 }, /^otlp\.sample must be/],
    [
      "a header of the connection",
      { endpoint: "http://a", headers: { host: "canary" } },
      /^otlp\.headers\.host /,
    ],
  ])("is a mistake with %s", (_, otlp, expected) => {
    const mistakes = mistakesOfFile({ ...APPS, otlp });
    expect(mistakes).toHaveLength(1);
    expect(mistakes[0]).toMatch(expected);
    expect(mistakes[0]).not.toContain("canary");
  });

  test("takes headers from references, and the endpoint from the environment", () => {
    const env = { OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318", KEY: "canary" };
    const otlp = { headers: { "x-key": "${KEY}" } };
    const { telemetry } = settingsOfFile({ ...APPS, otlp }, { env });
    expect(telemetry).toMatchObject({ ...DEFAULTS, headers: [["x-key", "canary"]] });
  });

  test("is described without paths, queries and headers, which may be keys", () => {
    const otlp = { endpoint: "https://c.example/canary?canary", headers: { a: "canary" } };
    const said = describeSettings(settingsOfFile({ ...APPS, otlp }));
    const where = "traces to https://c.example, and metrics to https://c.example";
    expect(said).toContain(`Exports ${where}, by OTLP.\n`);
    expect(said).not.toContain("canary");
  });

  test("that changes needs a restart", () => {
    const before = settingsOfFile({ ...APPS, otlp: { endpoint: "http://a" } });
    const after = settingsOfFile({ ...APPS, otlp: { endpoint: "http://b" } });
    expect(describeChanges(before, after)).toEqual({ changed: [], needRestart: ["otlp"] });
  });
});

describe("nothing that is exported stops no start:", () => {
  const none = { OTEL_TRACES_EXPORTER: "none", OTEL_METRICS_EXPORTER: "none" };
  test.each([
    ["an endpoint and no exporter", { endpoint: "http://collector:4318" }, none],
    ["neither endpoint nor exporter", {}, none],
    ["a wrong protocol", {}, { OTEL_SDK_DISABLED: "true", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" }],
  ])("%s", (_, otlp, env) => {
    expect(settingsOfFile({ app: [APP], otlp }, { env }).telemetry).toBeUndefined();
  });

  test("but one exporter without an endpoint does", () => {
    const env = { OTEL_TRACES_EXPORTER: "none" };
    expect(mistakesOfFile({ app: [APP], otlp: {} }, { env })).toEqual([
      expect.stringContaining("otlp.endpoint must be set"),
    ]);
  });
});

test("a variable that is wrong is a mistake of the start", () => {
  const env = { OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" };
  expect(mistakesOfFile({ app: [APP] }, { env })).toEqual([
    "OTEL_EXPORTER_OTLP_PROTOCOL must be one of http/protobuf, http/json",
  ]);
});
