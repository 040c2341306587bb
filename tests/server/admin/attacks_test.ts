import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { connect, parseResponse } from "../../support/raw_client.ts";
import { waitFor } from "../../support/wait_for.ts";
import { ADMIN_TOKEN, type AdminGateway, startAdmin, startEndless } from "./revoking_stage.ts";

const upstream = startEndless();
let gateway: AdminGateway;
let cookie: string;

beforeAll(async () => {
  gateway = await startAdmin(upstream.url);
  cookie = await logIn(gateway);
}, 60_000);
afterAll(async () => {
  expect(await gateway.stop()).toBe(0);
  expect(gateway.stdout() + gateway.stderr()).not.toContain(ADMIN_TOKEN);
  upstream.stop();
});

async function logIn({ admin }: AdminGateway): Promise<string> {
  const body = new URLSearchParams({ token: ADMIN_TOKEN });
  const response = await fetch(`${admin}/login`, { method: "POST", body, redirect: "manual" });
  const set = response.headers.get("set-cookie") ?? "";
  expect([response.status, response.headers.get("location")]).toEqual([303, "/"]);
  expect(set).toMatch(
    /^signway_session=[\w-]{43}; Path=\/; HttpOnly; SameSite=Strict; Max-Age=\d+$/,
  );
  return set.split(";")[0]!;
}

/** Sends a request whose lines stand for themselves. */
async function send(lines: readonly string[], body = "", to: AdminGateway = gateway) {
  const { host, port } = new URL(to.admin);
  const client = await connect(Number(port));
  const [first, ...rest] = lines;
  const head = [`${first} HTTP/1.1`, `Host: ${host}`, ...rest, `Content-Length: ${body.length}`];
  await client.write(`${head.join("\r\n")}\r\n\r\n${body}`);
  const response = await waitFor("an answer", () => parseResponse(client.received(), false));
  client.reset();
  return response;
}

const BEARER = `Authorization: Bearer ${ADMIN_TOKEN}`;
const JSON_TYPE = "Content-Type: application/json";
const REVOCATION = JSON.stringify({ app: "test-app", token: "attacked" });
const own = () => `Origin: ${gateway.admin}`;
const withCookie = () => `Cookie: ${cookie}`;

type Lines = () => string[];

describe("a request to the admin API", () => {
  test.each<[string, number, Lines, string?]>([
    ["without a token", 401, () => ["GET /api/overview"]],
    ["with an empty token", 401, () => ["GET /api/overview", "Authorization: Bearer "]],
    [
      "with the token in another scheme",
      401,
      () => ["GET /api/overview", `Authorization: Basic ${ADMIN_TOKEN}`],
    ],
    ["with the token in the query", 401, () => [`GET /api/overview?token=${ADMIN_TOKEN}`]],
    [
      "with the token as the cookie",
      401,
      () => ["GET /api/overview", `Cookie: signway_session=${ADMIN_TOKEN}`],
    ],
    [
      "with a cookie that no session has",
      401,
      () => ["GET /api/overview", `Cookie: signway_session=${"A".repeat(43)}`],
    ],
    ["with the token", 200, () => ["GET /api/overview", BEARER]],
    ["with the cookie", 200, () => ["GET /api/overview", withCookie()]],
    [
      "with the cookie among others",
      200,
      () => ["GET /api/overview", `Cookie: a=b; ${cookie}; c=d`],
    ],
    [
      "of a page of another origin, with the cookie",
      403,
      () => ["GET /api/overview", withCookie(), "Origin: https://evil.test"],
    ],
    [
      "of a page of another origin, with the token",
      403,
      () => ["GET /api/overview", BEARER, "Origin: https://evil.test"],
    ],
    [
      "of a page of another port",
      403,
      () => ["GET /api/overview", withCookie(), "Origin: http://127.0.0.1:1"],
    ],
    ["of a sandboxed page", 403, () => ["GET /api/overview", withCookie(), "Origin: null"]],
    [
      "that a page of another site embeds",
      403,
      () => ["GET /api/overview", withCookie(), "Sec-Fetch-Site: cross-site"],
    ],
    [
      "that a page of the same site embeds",
      403,
      () => ["GET /api/overview", withCookie(), "Sec-Fetch-Site: same-site"],
    ],
    [
      "that changes, with the cookie, of no origin",
      403,
      () => ["POST /api/revocations", withCookie(), JSON_TYPE],
      REVOCATION,
    ],
    [
      "that changes, with the cookie, of another origin",
      403,
      () => ["POST /api/revocations", withCookie(), JSON_TYPE, "Origin: https://evil.test"],
      REVOCATION,
    ],
    [
      "that a form sends",
      415,
      () => ["POST /api/revocations", withCookie(), own(), "Content-Type: text/plain"],
      REVOCATION,
    ],
    [
      "that changes, with the cookie, of this page",
      201,
      () => ["POST /api/revocations", withCookie(), JSON_TYPE, own()],
      REVOCATION,
    ],
    [
      "that lifts it, with the token, of no page",
      200,
      () => ["DELETE /api/revocations", BEARER, JSON_TYPE],
      REVOCATION,
    ],
    [
      "that is a preflight",
      403,
      () => [
        "OPTIONS /api/revocations",
        "Origin: https://evil.test",
        "Access-Control-Request-Method: POST",
      ],
    ],
    ["with a method that is not known", 405, () => ["PUT /api/revocations", BEARER]],
    ["for a path that is not known", 404, () => ["GET /api/secrets", BEARER]],
    ["for a path that is not known, without a token", 401, () => ["GET /api/secrets"]],
    ["for a file", 404, () => ["GET /../../etc/passwd", BEARER]],
    [
      "with a body that is too large",
      413,
      () => ["POST /api/revocations", BEARER, JSON_TYPE],
      " ".repeat(70_000),
    ],
    ["with a body that is no JSON", 400, () => ["POST /api/revocations", BEARER, JSON_TYPE], "{"],
    [
      "with a body of two kinds",
      400,
      () => ["POST /api/revocations", BEARER, JSON_TYPE],
      '{"app":"test-app","token":"a","subject":"b"}',
    ],
    [
      "with a body for no app",
      404,
      () => ["POST /api/revocations", BEARER, JSON_TYPE],
      '{"app":"another","token":"a"}',
    ],
    [
      "with a time in the future",
      400,
      () => ["POST /api/revocations", BEARER, JSON_TYPE],
      '{"app":"test-app","before":99999999999}',
    ],
    [
      "to log in from another origin",
      403,
      () => ["POST /login", "Origin: https://evil.test"],
      `token=${ADMIN_TOKEN}`,
    ],
    ["to log in by a link", 405, () => [`GET /login?token=${ADMIN_TOKEN}`]],
    [
      "to log out from another origin",
      403,
      () => ["POST /logout", withCookie(), "Origin: https://evil.test"],
    ],
  ])("%s gets %i", async (_, status, ...[lines, body]) => {
    const response = await send(lines(), body);
    expect(response.status).toBe(status);
    const headers = response.headers.map(([name, value]) => `${name.toLowerCase()}: ${value}`);
    expect(headers.filter((line) => line.startsWith("access-control"))).toEqual([]);
    expect(headers).toContain("cache-control: no-store");
    expect(headers.join()).toContain("frame-ancestors 'none'");
    expect(response.body).not.toContain(ADMIN_TOKEN);
  });

  test("with the cookie gets 401 when its session has ended", async () => {
    const other = `Cookie: ${await logIn(gateway)}`;
    expect((await send(["GET /api/overview", other])).status).toBe(200);
    expect((await send(["POST /logout", other, own()])).status).toBe(303);
    expect((await send(["GET /api/overview", other])).status).toBe(401);
    expect((await send(["GET /api/overview", withCookie()])).status).toBe(200);
  });
});

test("after five wrong tokens an address gets 429, with the right one too, in every way", async () => {
  await using attacked = await startAdmin(upstream.url);
  const wrong = ["GET /api/overview", "Authorization: Bearer wrong"];
  const statuses: number[] = [];
  for (let i = 0; i < 5; i++) {
    const lines = i % 2 === 0 ? wrong : ["POST /login"];
    statuses.push((await send(lines, i % 2 === 0 ? "" : "token=wrong", attacked)).status);
  }
  expect(statuses).toEqual([401, 401, 401, 401, 401]);
  const right = [["GET /api/overview", BEARER], wrong];
  for (const lines of right) expect((await send(lines, "", attacked)).status).toBe(429);
  expect((await send(["POST /login"], `token=${ADMIN_TOKEN}`, attacked)).status).toBe(429);
  const browser = ["POST /login", "Accept: text/html,application/xhtml+xml,*/*;q=0.8"];
  const page = await send(browser, "token=wrong", attacked);
  expect([page.status, page.all("content-type")]).toEqual([429, ["text/html; charset=utf-8"]]);
  expect(page.body.toString()).toMatch(/role="alert">There were too many .+ Try again in \d+ s\./);
  // Probes go on.
  expect((await send(["GET /healthz"], "", attacked)).status).toBe(200);
});

test("without admin_token there is no API", async () => {
  await using plain = await startAdmin(upstream.url, { admin_token: undefined as never });
  for (const path of ["/", "/api/overview", "/login"]) {
    const response = await fetch(plain.admin + path, {
      headers: { Authorization: `Bearer ${ADMIN_TOKEN}` },
    });
    expect([response.status, await response.text()]).toEqual([
      404,
      "/healthz, /readyz, /metrics\n",
    ]);
  }
});
