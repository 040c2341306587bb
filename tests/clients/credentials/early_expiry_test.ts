import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { sendHandshake } from "../../support/sockets/open_socket.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { SECRETS, startIssuer } from "./issuer.ts";

const issuer = await startIssuer();
const oauth = {
  token_url: issuer.tokenUrl,
  grant: "client_credentials" as const,
  client_id: "basic client",
  client_secret: SECRETS["basic client"],
};
const gateway = await startConfigured({
  app: [
    { id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstream: [{ url: issuer.api, oauth }] },
  ],
  route: [{ path: "/route/", upstream: issuer.api, signature: "none", oauth }],
});
afterAll(async () => {
  expect(gateway.stdout() + gateway.stderr()).not.toMatch(/canary|eyJ/);
  await gateway.stop();
  await issuer[Symbol.asyncDispose]();
});

const BEARER = `Authorization: Bearer ${granting({})}`;
const HOST = new URL(issuer.api).host;
const withToken = () => plainExchange(gateway, "GET", `/${HOST}/x`, { headers: [BEARER] });

/** A request by each kind of caller: a token, a signed URL, a route, and the handshake of a WebSocket. */
const CALLERS = {
  token: withToken,
  url: () => signedExchange(gateway, `${issuer.api}/x`),
  route: () => plainExchange(gateway, "GET", "/route/x"),
  async socket() {
    const socket = await sendHandshake(gateway, `/${HOST}/socket`, [BEARER]);
    const response = await socket.response();
    socket.socket.destroy();
    return response;
  },
};

/** What each caller gets of a token that the API refuses. A caller with a token might take a 401 for its own. */
const REFUSED = { token: 502, url: 401, route: 401, socket: 502 };

async function statuses() {
  const answers = Object.entries(CALLERS).map(async ([name, ask]) => [name, (await ask()).status]);
  return Object.fromEntries(await Promise.all(answers)) as Record<string, number>;
}

/** The age from which a refused token is dropped, in milliseconds. */
const OLD_ENOUGH_MS = 60_000;

describe("an access token that expires early", () => {
  let fetchedAt = 0;

  test("is kept while it is younger than a minute, however many requests are refused", async () => {
    expect(await statuses()).toEqual({ token: 200, url: 200, route: 200, socket: 200 });
    fetchedAt = Date.now();
    await issuer.revokeSeen();
    expect(await statuses()).toEqual(REFUSED);
    const many = await Promise.all(Array.from({ length: 100 }, withToken));
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([502]));
    expect(issuer.count()).toBe(1);
  });

  test("is told to a caller with a token as credential_refused, without the API's words", async () => {
    const answer = await withToken();
    expect(problemOf(answer)).toMatchObject({ status: 502, code: "credential_refused" });
    expect(answer.all("x-should-retry")).toEqual(["false"]);
    expect(answer.body.toString()).not.toContain("canary");
  });

  test("is dropped with the first 401 after that, and one attempt in a second fails", async () => {
    await Bun.sleep(fetchedAt + OLD_ENOUGH_MS + 500 - Date.now());
    issuer.behave("failing");
    expect((await withToken()).status).toBe(502);
    // The refused request is not repeated, and nothing is fetched before there is another one.
    expect(issuer.count()).toBe(1);
    const many = await Promise.all(Array.from({ length: 200 }, withToken));
    const codes = many.map((answer) => problemOf(answer)["code"]);
    expect(new Set(codes)).toEqual(new Set(["credential_unavailable"]));
    // They may have come over more than a second, on a slow machine.
    expect(issuer.count()).toBeLessThan(5);
  }, 120_000);

  test("is fetched anew, once for 200 requests", async () => {
    issuer.behave("well");
    await Bun.sleep(1100);
    const before = issuer.count();
    const many = await Promise.all(Array.from({ length: 200 }, withToken));
    expect(new Set(many.map(({ status }) => status))).toEqual(new Set([200]));
    expect(await statuses()).toEqual({ token: 200, url: 200, route: 200, socket: 200 });
    expect(issuer.count()).toBe(before + 1);
  });

  test("is kept again when the new one is refused at once", async () => {
    const before = issuer.count();
    await issuer.revokeSeen();
    expect(await statuses()).toEqual(REFUSED);
    expect(await statuses()).toEqual(REFUSED);
    expect(issuer.count()).toBe(before);
  });
});
