import type { ConfigInput } from "../../../lib/config/schema.ts";
import type { OtlpProtocol } from "../../../lib/config/telemetry/otlp_protocols.ts";
import { type Decoded, decodeExports, installDecoder } from "../../support/otlp/decode_exports.ts";
import { ANTHROPIC } from "../../support/providers/anthropic.ts";
import { GEMINI } from "../../support/providers/gemini.ts";
import { OPENAI } from "../../support/providers/openai.ts";
import { type FakeProvider, startProvider } from "../../support/providers/provider_server.ts";
import { granting } from "../../support/minted.ts";
import { type RawUpstream, respond, RST, startUpstream } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { signedTarget } from "../../support/signed.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

/** The decoder, if it could be installed. */
export const decoder = await requirement("opentelemetry-proto", installDecoder);

/** The context that callers of the tests send. */
export const CALLER = {
  traceId: "0af7651916cd43dd8448eb211c80319c",
  spanId: "b7ad6b7169203331",
};
const TRACEPARENT = `00-${CALLER.traceId}-${CALLER.spanId}-01`;

/** Texts that must not be in any export. */
export const CANARIES = {
  secret: "canary-secret-of-the-tests, 32 bytes",
  key: "canary-key",
  query: "canary-query",
  subject: "canary-subject",
  prompt: "canary-prompt",
  collector: "canary-collector-key",
};

/** What the exchanges brought. */
export interface TracedExchanges extends Decoded {
  upstream: RawUpstream;
  openai: FakeProvider;
  /** The bodies of the exports. */
  bytes: Buffer;
  /** The heads of the exports. */
  heads: string[];
  /** What the upstream got, by the ids of the requests. */
  received: ReadonlyMap<string, string>;
}

const APPS = ["plain", "trusting", "propagating"];

/** Sends one of each kind of exchange through a gateway that exports to a collector, and decodes the exports. */
export async function traceExchanges(protocol: OtlpProtocol): Promise<TracedExchanges> {
  await using stack = new AsyncDisposableStack();
  const collector = stack.use(await startUpstream([respond("")]));
  const upstream = stack.use(
    await startUpstream(({ startLine }) => {
      if (startLine.includes("/broken")) return [RST];
      return [respond("ok", { status: startLine.includes("/500") ? "500 No" : "200 OK" })];
    }),
  );
  const key = CANARIES.key;
  const openai = stack.use(startProvider(OPENAI, { key }));
  const anthropic = stack.use(startProvider(ANTHROPIC, { key }));
  const google = stack.use(startProvider(GEMINI, { key }));
  const config: ConfigInput = {
    otlp: {
      endpoint: `${collector.url}/base/`,
      protocol,
      headers: { "x-key": CANARIES.collector },
      service_name: "gateway-of-tests",
    },
    app: APPS.map((id) => ({
      id,
      secrets: [CANARIES.secret],
      ...(id === "trusting" && { trust_traceparent: true }),
      upstream: [
        { url: upstream.url, propagate: id !== "plain" },
        { url: openai.origin, provider: "openai", headers: { Authorization: `Bearer ${key}` } },
        { url: anthropic.origin, provider: "anthropic", headers: { "x-api-key": key } },
        { url: google.origin, provider: "google", headers: { "x-goog-api-key": key } },
      ],
    })),
    route: [{ path: "/r/", upstream: upstream.url, signature: "none", trust_traceparent: true }],
  };
  const gateway = await startConfigured(config, {
    OTEL_RESOURCE_ATTRIBUTES: "deployment.environment.name=test%20stage,service.name=ignored",
  });
  const send = async (id: string, url: string, init: RequestInit = {}) => {
    const headers = { "X-Request-Id": id, traceparent: TRACEPARENT, ...init.headers };
    await fetch(url, { ...init, headers }).then((response) => response.text());
  };
  const signed = (id: string, target: string, app = "plain", init: RequestInit = {}) => {
    const options = { id: app, secret: CANARIES.secret, method: init.method ?? "GET" };
    return send(id, new URL(signedTarget(gateway.url, target, options), gateway.url).href, init);
  };
  const post = (id: string, url: string, body: object) =>
    signed(id, url, "plain", {
      method: "POST",
      body: JSON.stringify(body),
      headers: { "content-type": "application/json", "anthropic-version": "2023-06-01" },
    });

  await signed("plain", `${upstream.url}/path?q=${CANARIES.query}`);
  await signed("trusting", `${upstream.url}/`, "trusting", {
    headers: { tracestate: "vendor=state, ,other=1" },
  });
  await signed("propagating", `${upstream.url}/`, "propagating", {
    headers: { tracestate: "vendor=state", baggage: "a=b" },
  });
  await send("route", `${gateway.url}/r/items?q=${CANARIES.query}`);
  await send("refused", `${gateway.url}/${CANARIES.query}`);
  await signed("failed", `${upstream.url}/500`);
  await signed("broken", `${upstream.url}/broken`);
  const claims = { iss: "plain", sub: CANARIES.subject };
  const token = granting({ to: [`${upstream.url}/`] }, { secret: CANARIES.secret, claims });
  await send("token", `${gateway.url}/~${token}/with-token`);
  const messages = [{ role: "user", content: `${CANARIES.prompt} two` }];
  const chat = `${openai.origin}/v1/chat/completions`;
  await post("chat", chat, { model: "gpt-5-mini", messages });
  const asked = { stream: true, stream_options: { include_usage: true } };
  await post("chat-stream", chat, { model: "gpt-5-mini", messages, ...asked });
  await post("anthropic", `${anthropic.origin}/v1/messages`, {
    model: "claude-sonnet-4-5",
    max_tokens: 100,
    messages,
  });
  const contents = [{ role: "user", parts: [{ text: CANARIES.prompt }] }];
  await post("gemini", `${google.origin}/v1beta/models/gemini-2.5-flash:generateContent`, {
    contents,
  });
  await waitFor("the records", () => gateway.records().length === 12);

  await gateway.stop();
  const received = new Map(
    upstream.requests.map(({ head, all }) => [all("x-request-id").join(), head] as const),
  );
  const decoded =
    "value" in decoder
      ? await decodeExports(decoder.value, collector.requests)
      : { spans: [], points: [], resources: [] };
  return {
    ...decoded,
    upstream,
    openai,
    bytes: Buffer.concat(collector.requests.map(({ body }) => body)),
    heads: collector.requests.map(({ head }) => head),
    received,
  };
}
