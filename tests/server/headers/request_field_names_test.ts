import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { namesIn, REGISTERED, REQUEST_CLASSES } from "./field_classes.ts";

const VALUE = "canary-value";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startGateway({ args: ["--upstream", upstream.url] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** What the upstream gets of a client's header. */
async function forwarded(name: string, isSigned: boolean): Promise<string[]> {
  const { status } = await signedExchange(gateway, `${upstream.url}/`, {
    headers: [`${name}: ${VALUE}`],
    ...(isSigned && { sign: { headers: { [name]: VALUE } } }),
  });
  expect(status).toBe(200);
  return upstream.requests.at(-1)!.all(name);
}

const cases = (names: string) => namesIn(names).map((name) => [name] as const);

test("each name of the registry has one class in a request", () => {
  expect(Object.values(REQUEST_CLASSES).flatMap(namesIn).toSorted()).toEqual(REGISTERED.toSorted());
});

// No registry has these names of a trace.
const TRACES = `Baggage B3 Correlation-Context Elastic-Apm-Traceparent Grpc-Tags-Bin Grpc-Trace-Bin Jaeger-Baggage
  Jaeger-Debug-Id Newrelic Ot-Baggage-User Ot-Tracer-TraceId Sentry-Trace Sw8 Sw8-Correlation Sw8-X Traceresponse
  Uber-Trace-Id Uberctx-User X-Amzn-Trace-Id X-B3-TraceId X-Cloud-Trace-Context X-Datadog-Trace-Id X-Dynatrace
  X-Honeycomb-Trace X-Instana-T X-Newrelic-Id X-Ot-Span-Context`;

describe("of a caller, a header that", () => {
  const { passes, hop_by_hop, never, when_signed } = REQUEST_CLASSES;

  test.each(cases(passes))("is for the upstream passes: %s", async (name) => {
    expect(await forwarded(name, false)).toEqual([VALUE]);
  });

  test.each(cases(hop_by_hop))("belongs to one connection ends here: %s", async (name) => {
    expect((await forwarded(name, false)).join()).not.toContain(VALUE);
  });

  test.each([...cases(never), ["Proxy"] as const, ...cases(TRACES)])(
    "never passes: %s",
    async (name) => {
      expect(await forwarded(name, false)).toEqual([]);
      expect(await forwarded(name, true)).toEqual([]);
    },
  );

  test.each(cases(when_signed))("passes only when it is signed: %s", async (name) => {
    expect(await forwarded(name, false)).toEqual([]);
    expect(await forwarded(name, true)).toEqual([VALUE]);
  });
});
