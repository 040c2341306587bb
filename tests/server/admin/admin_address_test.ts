import { afterAll, beforeAll, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { runSignway } from "../../support/run_signway.ts";
import { ADMIN_TOKEN, type AdminGateway, startAdmin, startEndless } from "./revoking_stage.ts";

const upstream = startEndless();
const app = CREDENTIAL.id;
const env = { SW_ADMIN_TOKEN: ADMIN_TOKEN };
let gateway: AdminGateway;

beforeAll(async () => {
  gateway = await startAdmin(upstream.url, { workers: 2 });
}, 60_000);
afterAll(async () => {
  await gateway.stop();
  upstream.stop();
}, 60_000);

test("revoke tells all mistakes at once", async () => {
  const { stderr } = await runSignway(["revoke"], { env: {} });
  for (const name of ["--app", "--token, --subject or --before", "--admin", "SW_ADMIN_TOKEN"]) {
    expect(stderr).toContain(name);
  }
});

test("the API may be under a path of a reverse proxy", async () => {
  await using proxy = Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    fetch(request) {
      const { pathname, search } = new URL(request.url);
      if (!pathname.startsWith("/ops/signway/")) return new Response(null, { status: 404 });
      const { method, headers, body } = request;
      const target = gateway.admin + pathname.slice("/ops/signway".length) + search;
      return fetch(target, { method, headers, body });
    },
  });
  for (const path of ["ops/signway", "ops/signway/"]) {
    const at = ["--admin", proxy.url.href + path];
    const revoked = await runSignway(["revoke", "--app", app, "--token", "proxied", ...at], {
      env,
    });
    expect(revoked.stdout).toContain("2 of 2 processes know it");
    expect((await runSignway(["ledger", "--app", app, ...at], { env })).code).toBe(0);
  }
  const other = await runSignway(["ledger", "--app", app, "--admin", proxy.url.href], { env });
  expect(other.stderr).toStartWith(`signway: there is no admin API at ${proxy.url.origin}: `);
});

test.each([
  ["ECONNREFUSED", "http://127.0.0.1:1"],
  ["ENOTFOUND", "http://nosuch.invalid"],
])("%s is told", async (code, admin) => {
  const { stderr } = await runSignway(["ledger", "--app", app, "--admin", admin], { env });
  expect(stderr).toMatch(
    new RegExp(`at ${admin} does not respond \\((${code}|EAI_AGAIN|ConnectionRefused|ERR_\\w+)\\)`),
  );
});
