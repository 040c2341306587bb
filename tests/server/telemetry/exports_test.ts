import { beforeAll, describe, expect, test } from "bun:test";
import { OTLP_PROTOCOLS } from "../../../lib/config/telemetry/otlp_protocols.ts";
import packageJson from "../../../package.json" with { type: "json" };
import type { Attributes, DecodedSpan } from "../../support/otlp/decode_exports.ts";
import {
  CALLER,
  CANARIES,
  decoder,
  traceExchanges,
  type TracedExchanges,
} from "./traced_exchanges.ts";

describe.skipIf("reason" in decoder).each([...OTLP_PROTOCOLS])("exports by %s", (protocol) => {
  let traced: TracedExchanges;
  beforeAll(async () => void (traced = await traceExchanges(protocol)));

  const serverOf = (id: string): DecodedSpan => {
    const found = traced.spans.filter(({ attributes }) => attributes["signway.request_id"] === id);
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const clientsOf = (server: DecodedSpan): DecodedSpan[] =>
    traced.spans.filter(({ parentSpanId }) => parentSpanId === server.spanId);
  const clientOf = (id: string): DecodedSpan => {
    const found = clientsOf(serverOf(id));
    expect(found).toHaveLength(1);
    return found[0]!;
  };
  const pointsOf = (metric: string, attributes: Attributes) =>
    traced.points.filter(
      (point) =>
        point.metric === metric &&
        Object.entries(attributes).every(([key, value]) => point.attributes[key] === value),
    );

  test("go to the collector's paths, with the headers and the content type", () => {
    const lines = traced.heads.map((head) => head.split("\r\n")[0]);
    expect(new Set(lines)).toEqual(
      new Set(["POST /base/v1/traces HTTP/1.1", "POST /base/v1/metrics HTTP/1.1"]),
    );
    const type = protocol === "http/json" ? "application/json" : "application/x-protobuf";
    for (const head of traced.heads) {
      expect(head).toContain(`x-key: ${CANARIES.collector}`);
      expect(head.toLowerCase()).toContain(`content-type: ${type}`);
    }
  });

  test("have the resource of the file and the environment", () => {
    for (const resource of traced.resources) {
      expect(resource).toEqual({
        "service.name": "gateway-of-tests",
        "service.version": packageJson.version,
        "service.instance.id": expect.stringMatching(/^[\da-f-]{36}$/),
        "deployment.environment.name": "test stage",
      });
    }
  });

  test("have no content, secret, subject or query", () => {
    const text = traced.bytes.toString("latin1");
    for (const canary of Object.values(CANARIES)) expect(text).not.toContain(canary);
  });

  test("have a SERVER span for each exchange, and a CLIENT span below each that was sent", () => {
    const servers = traced.spans.filter(({ kind }) => kind === "SPAN_KIND_SERVER");
    expect(servers).toHaveLength(12);
    for (const server of servers) {
      const clients = clientsOf(server);
      const isSent = server.attributes["signway.request_id"] !== "refused";
      expect(clients).toHaveLength(isSent ? 1 : 0);
      for (const client of clients) {
        expect(client.kind).toBe("SPAN_KIND_CLIENT");
        expect(client.traceId).toBe(server.traceId);
        expect(client.start >= server.start && client.end <= server.end).toBe(true);
        expect(client.end > client.start).toBe(true);
      }
    }
    const ids = traced.spans.map(({ spanId }) => spanId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test("of a forwarded request have the attributes of HTTP", () => {
    const { host } = new URL(traced.upstream.url);
    const common = { "http.request.method": "GET", "http.response.status_code": 200 };
    const { name, attributes, status } = serverOf("plain");
    expect({ name, attributes, status }).toEqual({
      name: "GET",
      attributes: {
        ...common,
        "url.scheme": "http",
        "url.path": "/",
        "signway.request_id": "plain",
        "signway.app": "plain",
        "signway.rule": host,
        "signway.outcome": "complete",
      },
      status: undefined,
    });
    expect(clientOf("plain").attributes).toEqual({
      ...common,
      "server.address": "127.0.0.1",
      "server.port": traced.upstream.port,
      "url.full": `${traced.upstream.url}/path`,
    });
  });

  test("link to the trace of a caller that is not trusted", () => {
    const { traceId, parentSpanId, links, flags } = serverOf("plain");
    expect(traceId).not.toBe(CALLER.traceId);
    expect(parentSpanId).toBeUndefined();
    expect(links).toEqual([{ ...CALLER, flags: 0x301 }]);
    expect(flags).toBe(0x101);
  });

  test.each(["trusting", "route"])("continue the trace of a caller that is trusted: %s", (id) => {
    const { traceId, parentSpanId, links, flags } = serverOf(id);
    expect({ traceId, parentSpanId, links, flags }).toEqual({
      traceId: CALLER.traceId,
      parentSpanId: CALLER.spanId,
      links: [],
      flags: 0x301,
    });
  });

  test("name the route, and no path of a request that was not verified", () => {
    expect(serverOf("route")).toMatchObject({
      name: "GET /r/",
      attributes: { "http.route": "/r/", "url.path": "/r/items" },
    });
    const { attributes, status } = serverOf("refused");
    expect(attributes).not.toContainKeys(["url.path", "signway.app", "error.type"]);
    expect(attributes).toMatchObject({
      "http.response.status_code": 404,
      "signway.code": "route_unknown",
    });
    expect(status).toBeUndefined();
  });

  test("hide the token in a path", () => {
    expect(serverOf("token").attributes["url.path"]).toBe("/…/with-token");
  });

  test("tell failures by error.type", () => {
    expect(serverOf("failed")).toMatchObject({
      attributes: { "error.type": "500" },
      status: "STATUS_CODE_ERROR",
    });
    expect(clientOf("failed")).toMatchObject({
      attributes: { "error.type": "500" },
      status: "STATUS_CODE_ERROR",
    });
    const broken = { "error.type": "upstream_broken" };
    expect(serverOf("broken")).toMatchObject({ attributes: broken, status: "STATUS_CODE_ERROR" });
    const client = clientOf("broken");
    expect(client).toMatchObject({ attributes: broken, status: "STATUS_CODE_ERROR" });
    expect(client.attributes).not.toContainKey("http.response.status_code");
  });

  test("send a rule with propagate the context of the CLIENT span, and no other rule", () => {
    const of = (id: string) => traced.received.get(id)!;
    expect(of("plain")).not.toMatch(/traceparent|tracestate|baggage/i);
    const propagated = (id: string) => {
      const { traceId, spanId } = clientOf(id);
      return `traceparent: 00-${traceId}-${spanId}-01\r\n`;
    };
    expect(of("trusting")).toContain(propagated("trusting"));
    expect(of("trusting")).toContain("tracestate: vendor=state,other=1\r\n");
    expect(of("propagating")).toContain(propagated("propagating"));
    expect(of("propagating")).not.toMatch(/tracestate|baggage/i);
  });

  test.each([
    ["chat", "chat", "openai", "gpt-5-mini", ["stop"]],
    ["chat-stream", "chat", "openai", "gpt-5-mini", ["stop"]],
    ["anthropic", "chat", "anthropic", "claude-sonnet-4-5", ["end_turn"]],
    ["gemini", "generate_content gemini-2.5-flash", "gcp.gemini", "gemini-2.5-flash", ["STOP"]],
  ])(
    "of a call of a model have the attributes of generative AI: %s",
    (id, name, provider, model, reasons) => {
      const client = clientOf(id);
      expect(client.name).toBe(name);
      expect(client.attributes).toMatchObject({
        "gen_ai.operation.name": name.split(" ")[0],
        "gen_ai.provider.name": provider,
        "gen_ai.response.model": model,
        "gen_ai.response.finish_reasons": reasons,
        "gen_ai.usage.input_tokens": expect.any(Number),
        "gen_ai.usage.output_tokens": expect.any(Number),
      });
    },
  );

  test("have the durations of exchanges and of calls", () => {
    const server = pointsOf("http.server.request.duration", { "signway.app": "plain" });
    const ofCode = (code: number) =>
      server.filter(({ attributes }) => attributes["http.response.status_code"] === code);
    expect(ofCode(200).reduce((sum, { count }) => sum + count, 0)).toBe(6);
    expect(ofCode(500)).toMatchObject([{ count: 1, attributes: { "error.type": "500" } }]);
    expect(pointsOf("http.server.request.duration", { "http.route": "/r/" })).toHaveLength(1);
    const port = { "server.port": traced.upstream.port };
    const client = pointsOf("http.client.request.duration", port);
    expect(client.reduce((sum, { count }) => sum + count, 0)).toBe(7);
    for (const { unit, temporality, buckets, count, bounds } of traced.points) {
      expect(temporality).toBe("AGGREGATION_TEMPORALITY_CUMULATIVE");
      expect(["s", "{token}"]).toContain(unit);
      expect(buckets).toHaveLength(bounds.length + 1);
      expect(buckets.reduce((sum, bucket) => sum + bucket, 0)).toBe(count);
    }
  });

  test("have the tokens, the durations and the first chunks of models", () => {
    const openai = { "gen_ai.provider.name": "openai", "gen_ai.response.model": "gpt-5-mini" };
    const tokens = (type: string) =>
      pointsOf("gen_ai.client.token.usage", { ...openai, "gen_ai.token.type": type });
    expect(tokens("input")).toMatchObject([{ count: 2, sum: 4 }]);
    expect(tokens("output")).toMatchObject([{ count: 2 }]);
    expect(pointsOf("gen_ai.client.operation.duration", openai)).toMatchObject([{ count: 2 }]);
    const first = traced.points.filter(
      ({ metric }) => metric === "gen_ai.client.operation.time_to_first_chunk",
    );
    expect(first).toMatchObject([{ count: 1, attributes: openai }]);
  });
});
