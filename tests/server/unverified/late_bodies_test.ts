import { afterAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect } from "../../support/raw_client.ts";
import { chunk, respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { headerSignature, SECRET } from "../../support/header_signature.ts";
import { chunkedHead } from "./flooded_gateway.ts";

const upstream = await startUpstream([respond("ok")]);
const OTHER_SECRET = "another secret, of 32 bytes too.";
const signing = (secret: string) => ({
  scheme: "sasigning" as const,
  secrets: [secret],
  fields: ["path", "body"],
});
const APP = {
  id: CREDENTIAL.id,
  secrets: [CREDENTIAL.secret],
  upstream: [{ url: upstream.url, headers: { Authorization: "Bearer ours" } }],
};
const ROUTE = { path: "/signed/", upstream: upstream.url, signature: signing(SECRET) };
const OTHER_APP = { ...APP, id: "other" };
const OTHER_ROUTE = { path: "/other/", upstream: upstream.url, signature: "none" as const };
const CONFIG: ConfigInput = { app: [APP, OTHER_APP], route: [ROUTE, OTHER_ROUTE] };

const gateway = await startConfigured(CONFIG);

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const HALF = "x".repeat(5000);
const BODY = HALF + HALF;
const url = () => signedTarget(gateway.url, `${upstream.url}/`, { method: "POST", body: BODY });
const byApp = (): [path: string, headers: string[]] => [url(), []];
const byRoute = (): [path: string, headers: string[]] => [
  "/signed/x",
  [`Signature: ${headerSignature(["/signed/x", BODY])}`],
];

const withApp = (change: object): ConfigInput => ({ ...CONFIG, app: [{ ...APP, ...change }] });
const elsewhere = { upstream: [{ url: "http://127.0.0.1:1/" }] };

const CASES: [
  what: string,
  request: () => [string, string[]],
  config: ConfigInput,
  status: number,
  code?: string,
][] = [
  ["its secret", byApp, withApp({ secrets: [OTHER_SECRET] }), 400, "signature_mismatch"],
  ["its app", byApp, { ...CONFIG, app: [OTHER_APP] }, 401, "app_unknown"],
  ["where its app may call", byApp, withApp(elsewhere), 403, "target_not_allowed"],
  ["the life that its app allows", byApp, withApp({ max_expires: 60 }), 400, "expires_too_long"],
  ["its size", byApp, withApp({ max_body: 5000 }), 413, "body_too_large"],
  ["nothing of it", byApp, withApp({ max_connections: 100 }), 200],
  [
    "the secret of its route",
    byRoute,
    { ...CONFIG, route: [{ ...ROUTE, signature: signing(OTHER_SECRET) }] },
    401,
    "access_denied",
  ],
  ["its route", byRoute, { ...CONFIG, route: [OTHER_ROUTE] }, 404, "route_unknown"],
  ["nothing of its route", byRoute, { ...CONFIG, max_duration: 100 }, 200],
];

describe("a signed body is checked against the settings when it is complete; meanwhile changed", () => {
  const framings = [
    ["in chunks", "Transfer-Encoding: chunked", chunk(HALF), chunk(HALF) + chunk("")],
    ["with a length", `Content-Length: ${BODY.length}`, HALF, HALF],
  ] as const;
  const cases = CASES.flatMap((row) =>
    framings.map((framing) => [row[0], framing[0], row, framing] as const),
  );
  test.each(cases)("%s, %s", async (_what, _framing, row, [, header, first, rest]) => {
    const [, request, config, status, code] = row;
    await gateway.reconfigure(CONFIG);
    const before = upstream.requests.length;
    const [path, headers] = request();
    using client = await connect(gateway.port);
    await client.write(
      [`POST ${path} HTTP/1.1`, "Host: a", ...headers, header, "", first].join("\r\n"),
    );
    await Bun.sleep(100);
    await gateway.reconfigure(config);
    await client.write(rest);
    const response = await client.response("POST");
    expect(response.status).toBe(status);
    if (code) expect(problemOf(response)["code"]).toBe(code);
    expect(upstream.requests.length - before).toBe(code ? 0 : 1);
  });
});

test("a signed body that is complete when its URL has expired goes nowhere", async () => {
  const before = upstream.requests.length;
  const path = signedTarget(gateway.url, `${upstream.url}/`, {
    method: "POST",
    body: BODY,
    expires: 2,
  });
  using client = await connect(gateway.port);
  await client.write(chunkedHead(path));
  await client.write(chunk(HALF));
  await Bun.sleep(3500);
  await client.write(chunk(HALF) + chunk(""));
  const response = await client.response("POST");
  expect([response.status, problemOf(response)["code"]]).toEqual([408, "request_timeout"]);
  expect(upstream.requests).toHaveLength(before);
});
