import { type App, createSigningKeys, signToken, signUrl, verifyUrl } from "../../lib/mod.ts";
import type { TelemetrySettings } from "../../lib/config/telemetry/telemetry_from.ts";
import type { ExchangeRecord } from "../../lib/gateway/record/exchange_record.ts";
import { assembleGateway } from "../../lib/runtime/create_gateway.ts";
import { sha256 } from "../../lib/runtime/crypto/sha256.ts";
import { verifyHmac } from "../../lib/runtime/crypto/verify_hmac.ts";
import type { Logger } from "../../lib/runtime/observe/log.ts";
import { createMetrics } from "../../lib/runtime/observe/metrics.ts";
import { createModelLabels } from "../../lib/runtime/observe/model_labels.ts";
import { createTelemetry } from "../../lib/runtime/observe/otlp/telemetry.ts";
import { activityRelay, followed, sharesOfTheApi } from "./admin_work.ts";

/** Something whose cost is guarded. */
export interface Work {
  /**
   * Makes what so many runs need, so that a run is the product's work alone.
   *
   * @param runs how many there will be
   * @param planted done in each of them, where the app or its secrets are looked up
   */
  prepare: (runs: number, planted: () => void) => Promise<Array<() => Promise<void>>>;
}

/** What is guarded, by the name under which the figures are stored. */
export const WORKS: Readonly<Record<string, Work>> = {
  "one verification": { prepare: verifications },
  "a signed GET": { prepare: exchanges({}) },
  "a GET with an access token": { prepare: exchanges({ token: true }) },
  "a GET with an access token that came before": {
    prepare: exchanges({ token: true, isKnown: true }),
  },
  "a GET with an access token, with the admin API": {
    prepare: exchanges({ token: true, hasApi: true }),
  },
  "the admin API's share of ten exchanges": { prepare: sharesOfTheApi },
  "a GET with an access token and a receipt": {
    prepare: exchanges({ token: true, hasReceipt: true }),
  },
  "a signed GET with 20 more headers each way": { prepare: exchanges({ headers: 20 }) },
  "a signed POST with a signed body": {
    prepare: exchanges({ method: "POST", body: '{"prompt":"a question"}' }),
  },
  "a signed GET with metrics, and a trace that is not sampled": {
    prepare: exchanges({ isObserved: true }),
  },
  "an event stream of two events": { prepare: exchanges({ events: 2 }) },
  "an event stream of a hundred events": { prepare: exchanges({ events: 100 }) },
};

const GATEWAY = "http://gateway.test";
const ID = "an-app";
const SECRET = "a-secret-of-a-test-with-32-bytes";
const UPSTREAM = new URL("http://127.0.0.1/v1");
const APP: App = {
  id: ID,
  secrets: [SECRET],
  upstreams: [{ url: UPSTREAM, headers: [["Authorization", "Bearer a-key"]] }],
};
const RECEIPTS = { url: new URL("http://127.0.0.1/usage"), secret: `whsec_${"A".repeat(32)}` };
const URLS = 16;
const JSON_ANSWER = "{}";
const EVENT = "data: 1\n\n";

// As a browser and an API send them.
const REQUEST_HEADERS = {
  Accept: "*/*",
  "Accept-Encoding": "gzip, deflate, br",
  "Accept-Language": "en",
  Origin: "https://page.test",
  "User-Agent": "Mozilla/5.0",
};
const RESPONSE_HEADERS = {
  Date: "Wed, 01 Jul 2026 12:00:00 GMT",
  Server: "api",
  "X-Request-Id": "req_5b1f0c",
  "Cache-Control": "no-store",
};

function sign(index: number, method = "GET", body?: string): Promise<string> {
  const signed = { id: ID, secret: SECRET, gateway: GATEWAY, expires: 3600, method };
  return signUrl(`${UPSTREAM.href}/items/${index}?fields=status,owner&page=${index}`, {
    ...signed,
    ...(body !== undefined && { body }),
  });
}

async function verifications(runs: number, planted: () => void) {
  const findSecrets = () => {
    planted();
    return [SECRET];
  };
  const options = { findSecrets, signingKeys: createSigningKeys(), sha256, verifyHmac };
  const readBody = () => Promise.reject(new Error("the body is not signed"));
  const requests = await Promise.all(
    Array.from({ length: URLS }, async (_, index) => {
      const [path = "", query = ""] = (await sign(index)).slice(GATEWAY.length).split("?", 2);
      return { method: "GET", path, query, headers: new Headers(REQUEST_HEADERS), readBody };
    }),
  );
  return Array.from({ length: runs }, (_, run) => async () => {
    await verifyUrl(requests[run % URLS]!, options);
  });
}

/** The URL and the headers of a request. */
type Credentials = [url: string, headers: Record<string, string>];

async function withToken(index: number): Promise<Credentials> {
  const to = [`GET ${UPSTREAM.href}/`];
  const token = await signToken({
    id: ID,
    secret: SECRET,
    subject: `user-${index}`,
    expires: 3600,
    to,
  });
  const { host, pathname } = UPSTREAM;
  const query = `fields=status,owner&page=${index}`;
  const url = `${GATEWAY}/${host}${pathname}/items/${index}?${query}`;
  return [url, { ...REQUEST_HEADERS, Authorization: `Bearer ${token}` }];
}

interface ExchangeOptions {
  /** Whether it has a token and no signed URL. */
  token?: boolean;
  /** Whether each of the tokens was verified before. */
  isKnown?: boolean;
  /** Whether metrics are kept for Prometheus and OTLP. No trace is sampled: each would differ. */
  isObserved?: boolean;
  /** Whether there is an admin API: revocations are followed, and exchanges are counted. */
  hasApi?: boolean;
  /** Whether the app has receipts, with the ledger in memory. */
  hasReceipt?: boolean;
  method?: string;
  body?: string;
  /** How many more there are on the request and on the answer. */
  headers?: number;
  /** How many events the answer has. Absent: it is no event stream. */
  events?: number;
}

function exchanges(options: ExchangeOptions): Work["prepare"] {
  const { method = "GET", body, headers = 0, token = false, hasApi = false } = options;
  const { events, isObserved = false } = options;
  const more = Object.fromEntries(
    Array.from({ length: headers }, (_, index) => [`X-Field-${index}`, `value ${index}`]),
  );
  return async (runs, planted) => {
    const answer = events === undefined ? JSON_ANSWER : EVENT.repeat(events);
    let next: Response | undefined;
    // An app is looked up twice when the body is signed.
    const fetchUpstream = async () => {
      planted();
      return next!;
    };
    const app = options.hasReceipt ? { ...APP, receipts: RECEIPTS } : APP;
    const observed = isObserved ? observers() : undefined;
    const relay = hasApi ? activityRelay() : undefined;
    const onRecord = observed?.onRecord ?? relay?.observe.bind(relay);
    const gateway = assembleGateway(
      {
        sources: { findApp: () => app },
        ...(onRecord && { observers: { onRecord } }),
      },
      {
        ...{ sha256, verifyHmac, fetchUpstream },
        ...(hasApi && { revocations: followed() }),
        ...(observed && { onBegin: observed.onBegin, sampling: observed.sampling }),
      },
    );
    const all = await Promise.all(
      Array.from({ length: URLS }, async (_, index): Promise<Credentials> => {
        return token ? withToken(index) : [await sign(index, method, body), REQUEST_HEADERS];
      }),
    );
    const exchangeOf = (run: number) => {
      const [url, own] = all[run % URLS]!;
      const init = { method, headers: { ...own, ...more }, body: body ?? null };
      const request = new Request(url, init);
      const upstream = answerOf(events, { ...RESPONSE_HEADERS, ...more });
      return async () => {
        next = upstream;
        const response = await gateway(request);
        const text = await response.text();
        if (response.status !== 200 || text !== answer) throw new Error(text);
      };
    };
    for (let run = 0; options.isKnown && run < 2 * URLS; run++) await exchangeOf(run)();
    return Array.from({ length: runs }, (_, run) => exchangeOf(run));
  };
}

function observers() {
  const metrics = createMetrics(() => 0);
  const target = "http://collector.test/v1";
  const sampling = { ratio: 0, followsParent: false };
  const settings: TelemetrySettings = {
    ...{ traces: `${target}/traces`, metrics: `${target}/metrics`, headers: [], resource: {} },
    ...{ protocol: "http/protobuf", sampling },
    ...{ timeout: 1000, scheduleDelay: 1000, metricInterval: 3_600_000 },
  };
  const log = { warn() {} } as unknown as Logger;
  const telemetry = createTelemetry(settings, { log, scheme: "http" });
  const modelOf = createModelLabels([]);
  return {
    sampling,
    onBegin: metrics.begin,
    onRecord(record: ExchangeRecord) {
      metrics.observe(record, modelOf);
      telemetry.observe(record, modelOf);
    },
  };
}

function answerOf(events: number | undefined, headers: Record<string, string>): Response {
  if (events === undefined) {
    const type = { "Content-Type": "application/json", "Content-Length": `${JSON_ANSWER.length}` };
    return new Response(JSON_ANSWER, { headers: { ...headers, ...type } });
  }
  const event = new TextEncoder().encode(EVENT);
  const body = new ReadableStream({
    start(controller) {
      for (let sent = 0; sent < events; sent++) controller.enqueue(event);
      controller.close();
    },
  });
  return new Response(body, { headers: { ...headers, "Content-Type": "text/event-stream" } });
}
