import { afterAll, describe, expect, test } from "bun:test";
import { freePort } from "../../support/free_port.ts";
import { metricsAt, sumOf as sum } from "../../support/prometheus.ts";
import { respond, RST, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { exchange } from "../../support/raw_client.ts";
import { plainExchange, signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { SIGNED, signatureLine } from "../../support/header_signature.ts";

type Labels = Record<string, string>;

const SECRET = (number: number) => `secret number ${number}, of 32 bytes ...`;
const ROUTE_SECRETS = [SECRET(3), SECRET(4)];

let script: Step[] = [];
const upstream = await startUpstream(() => script);
const other = await startUpstream(() => script);
const adminPort = await freePort();
const hosts = [new URL(upstream.url).host, new URL(other.url).host] as const;
const gateway = await startConfigured({
  admin: `127.0.0.1:${adminPort}`,
  app: [
    {
      id: "one",
      secrets: [SECRET(0), SECRET(1)],
      upstream: [{ url: upstream.url }, { url: `${other.url}/v1/` }],
    },
    { id: "open", secrets: [SECRET(2)], upstream: [{ allow_private: true }] },
    { id: "small", secrets: [SECRET(5)], max_body: 3, upstream: [{ url: upstream.url }] },
  ],
  route: [
    { path: "/r/", upstream: upstream.url, signature: { ...SIGNED, secrets: ROUTE_SECRETS } },
    { path: "/o/", upstream: upstream.url, signature: "none" },
  ],
});
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await other.stop();
});

/** What the counters say more after the requests than before. */
async function growth(send: () => Promise<unknown>, count = 1) {
  const before = await metricsAt(adminPort);
  const records = gateway.records().length;
  await send();
  await waitFor("the records", () => gateway.records().length >= records + count);
  const after = await metricsAt(adminPort);
  return (name: string, labels: Labels = {}) =>
    sum(after, name, labels) - sum(before, name, labels);
}

const ask = (url: string, id = "one", secret = SECRET(0), method = "GET") => {
  script = [respond("ok")];
  return signedExchange(gateway, url, { method, sign: { id, secret } });
};

describe("a forwarded exchange has the labels of its app and of the host of its rule", () => {
  test.each([
    ["one", hosts[0], () => ask(`${upstream.url}/a?canary`)],
    ["one", hosts[1], () => ask(`${other.url}/v1/b`)],
    ["open", "any", () => ask(`${other.url}/c`, "open", SECRET(2))],
    ["/o/", hosts[0], () => ((script = [respond("ok")]), plainExchange(gateway, "GET", "/o/"))],
  ])("%s, %s", async (app, host, send) => {
    const grown = await growth(send);
    const labels = { app, upstream: host };
    expect(grown("signway_requests_total", { ...labels, outcome: "complete" })).toBe(1);
    expect(grown("signway_requests_total")).toBe(1);
    for (const name of ["head", "duration"]) {
      expect(grown(`signway_${name}_seconds_count`, labels)).toBe(1);
      expect(grown(`signway_${name}_seconds_count`)).toBe(1);
    }
    expect(grown("signway_bytes_total", { ...labels, direction: "out" })).toBe(2);
    expect(grown("signway_refusals_total")).toBe(0);
  });

  test("one whose upstream fails too", async () => {
    const grown = await growth(async () => {
      const path = signedTarget(gateway.url, `${upstream.url}/`, { id: "one", secret: SECRET(0) });
      script = [RST];
      await exchange(gateway.port, requestBytes("GET", path));
    });
    const labels = { app: "one", upstream: hosts[0] };
    expect(grown("signway_upstream_errors_total", { ...labels, code: "upstream_broken" })).toBe(1);
    expect(grown("signway_duration_seconds_count", labels)).toBe(1);
  });
});

describe("latency leaves out what was not forwarded, and refusals are counted apart", () => {
  test.each<[string, Labels | undefined, () => Promise<unknown>]>([
    ["no route", { app: "", code: "route_unknown" }, () => plainExchange(gateway, "GET", "/")],
    [
      "a wrong signature",
      { app: "", code: "signature_mismatch" },
      () => ask(`${upstream.url}/`, "one", "canary"),
    ],
    ["an unknown app", { app: "", code: "app_unknown" }, () => ask(`${upstream.url}/`, "canary")],
    [
      "a target beside the rules",
      { app: "one", code: "target_not_allowed" },
      () => ask("http://canary.example/"),
    ],
    [
      "a body that is too large",
      { app: "small", code: "body_too_large" },
      () =>
        signedExchange(gateway, `${upstream.url}/`, {
          method: "POST",
          body: "four",
          sign: { id: "small", secret: SECRET(5) },
        }),
    ],
    [
      "a preflight",
      undefined,
      () =>
        plainExchange(gateway, "OPTIONS", "/", {
          headers: ["Origin: https://a.example", "Access-Control-Request-Method: PUT"],
        }),
    ],
  ])("%s", async (_, labels, send) => {
    const grown = await growth(send);
    expect(grown("signway_requests_total")).toBe(1);
    for (const name of ["head", "duration"]) expect(grown(`signway_${name}_seconds_count`)).toBe(0);
    expect(grown("signway_refusals_total")).toBe(labels ? 1 : 0);
    if (labels) expect(grown("signway_refusals_total", labels)).toBe(1);
  });
});

describe("the place of the secret that verified is in the record and in a metric", () => {
  const byRoute = (secret: string) => () => {
    script = [respond("ok")];
    const headers = [signatureLine("/r/x", "GET", { secret })];
    return plainExchange(gateway, "GET", "/r/x", { headers });
  };
  const body = { body: "hello", headers: { "content-length": "5" } };
  const withBody = (secret: string) => () => {
    script = [respond("ok")];
    const sign = { id: "one", secret, ...body };
    return signedExchange(gateway, `${upstream.url}/`, { method: "POST", body: "hello", sign });
  };
  test.each<[string, string, number | undefined, () => Promise<unknown>]>([
    ["the first of an app", "one", 0, () => ask(`${upstream.url}/`)],
    ["the second of an app", "one", 1, () => ask(`${upstream.url}/`, "one", SECRET(1))],
    ["the first, of a signed body", "one", 0, withBody(SECRET(0))],
    ["the second, of a signed body", "one", 1, withBody(SECRET(1))],
    ["the first of a route", "/r/", 0, byRoute(SECRET(3))],
    ["the second of a route", "/r/", 1, byRoute(SECRET(4))],
    ["none, of an open route", "/o/", undefined, () => plainExchange(gateway, "GET", "/o/")],
    ["none, of a wrong signature", "one", undefined, () => ask(`${upstream.url}/`, "one", "wrong")],
  ])("%s", async (_, app, place, send) => {
    const grown = await growth(send);
    const record = gateway.records().at(-1)!;
    expect(record).toMatchObject({ app });
    expect(record["secret"]).toBe(place);
    const labels = { app, secret: String(place) };
    expect(grown("signway_verifications_total")).toBe(place === undefined ? 0 : 1);
    expect(grown("signway_verifications_total", labels)).toBe(place === undefined ? 0 : 1);
  });
});
