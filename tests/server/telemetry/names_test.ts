import { beforeAll, describe, expect, test } from "bun:test";
import { OPERATIONS } from "../../../lib/gateway/providers/operations.ts";
import { PROVIDERS } from "../../../lib/gateway/providers/provider.ts";
import { providerName } from "../../../lib/runtime/observe/otlp/conventions.ts";
import { INSTRUMENTS } from "../../../lib/runtime/observe/otlp/instruments.ts";
import { runPython } from "../../support/virtual_environment.ts";
import { ROOT } from "../../support/root.ts";
import { decoder, traceExchanges, type TracedExchanges } from "./traced_exchanges.ts";

describe.skipIf("reason" in decoder)("the published conventions have", () => {
  let published: ReadonlySet<string>;
  let traced: TracedExchanges;
  beforeAll(async () => {
    if ("reason" in decoder) return;
    const script = `${ROOT}/tests/support/otlp/conventions.py`;
    published = new Set((await runPython([decoder.value, script])).split("\n"));
    traced = await traceExchanges("http/protobuf");
  });

  const unknown = (names: Iterable<string>) => [...names].filter((name) => !published.has(name));

  test("each attribute of spans, metrics and the resource that is not of this gateway", () => {
    const all = [...traced.spans, ...traced.points].map(({ attributes }) => attributes);
    const names = new Set([...all, ...traced.resources].flatMap((it) => Object.keys(it)));
    const own = [...names].filter((name) => name.startsWith("signway."));
    expect(unknown(names)).toEqual(own);
    expect(own.toSorted()).toEqual([
      ...["signway.app", "signway.code", "signway.outcome", "signway.request_id", "signway.rule"],
    ]);
    expect(unknown(["http.request.methods"])).toEqual(["http.request.methods"]);
  });

  test("each metric", () => {
    expect(unknown(Object.values(INSTRUMENTS).map(({ name }) => name))).toEqual([]);
  });

  test("each name of a provider of models, and of an operation", () => {
    const providers = PROVIDERS.filter((provider) => provider !== "mcp").map(providerName);
    const operations = Object.values(OPERATIONS).flat();
    expect(unknown(providers)).toEqual([]);
    expect(unknown(operations.map(({ task = "chat" }) => task))).toEqual([]);
  });
});
