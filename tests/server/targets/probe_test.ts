import { afterAll, describe, expect, test } from "bun:test";
import { startConfigured } from "../../support/configured_gateway.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { granting } from "../../support/minted.ts";
import { connect } from "../../support/raw_client.ts";
import { requestBytes, signedTarget, type SignedOptions } from "../../support/signed.ts";
import { sendHandshake } from "../../support/sockets/open_socket.ts";
import { waitFor } from "../../support/wait_for.ts";

const PROBE = "https://probe.signway.invalid";

const RULE = { url: "https://api.openai.com/v1/", headers: { Authorization: "Bearer canary" } };

const gateway = await startConfigured({
  sse_heartbeat: 1,
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      // Nothing of this may refuse a probe.
      limits: { cost: 0.000001, rate: "1/day", subject: { rate: "1/day" } },
      upstream: [RULE, { url: "https://api.example.com/", methods: ["POST"] }],
    },
    {
      id: "narrow",
      secrets: [CREDENTIAL.secret],
      max_connections: 1,
      upstream: [RULE],
    },
    // No rule names a host, so a token could name any public one.
    { id: "wide", secrets: [CREDENTIAL.secret], upstream: [{ headers: {} }] },
  ],
});
afterAll(() => gateway.stop());

async function send(method: string, path: string, headers: string[] = []) {
  using client = await connect(gateway.port);
  await client.write(requestBytes(method, path, { headers }));
  const { status, body, all } = await client.response(method, 20_000);
  return { status, text: body.toString(), code: all("x-sw-problem")[0] };
}

const signed = (path: string, options: SignedOptions = {}) =>
  signedTarget(gateway.url, PROBE + path, options);

describe("a signed URL for the probe", () => {
  test("is answered by the gateway, whatever rules and limits the app has", async () => {
    for (let i = 0; i < 3; i += 1) {
      expect(await send("GET", signed("/"))).toMatchObject({
        status: 200,
        text: '{"probe":true}\n',
      });
    }
    const record = await gateway.waitForRecord(({ upstream }) => upstream !== undefined);
    expect(record).toMatchObject({ outcome: "complete", app: CREDENTIAL.id });
  });

  test("streams two events, heartbeats in the silence, and the last event", async () => {
    const { status, text } = await send("GET", signed("/events?silence=3"));
    expect(status).toBe(200);
    const [first, second, last] = ["first", "second", "last"].map((name) =>
      text.indexOf(`data: ${name}\n\n`),
    );
    expect([first! >= 0, second! > first!, last! > second!]).toEqual([true, true, true]);
    expect(text.slice(second)).toContain("\n:");
  });

  test("ends when the client leaves", async () => {
    const client = await connect(gateway.port);
    await client.write(requestBytes("GET", signed("/events?silence=600")));
    await waitFor("the first event", () => client.received().includes("data: first"));
    client.socket.destroy();
    await gateway.waitForRecord(({ outcome }) => outcome === "client_gone");
  });

  test("takes one of the app's places", async () => {
    const as = { id: "narrow" };
    using client = await connect(gateway.port);
    await client.write(requestBytes("GET", signed("/events?silence=600", as)));
    await waitFor("the first event", () => client.received().includes("data: first"));
    expect(await send("GET", signed("/", as))).toMatchObject({
      status: 503,
      code: "too_many_connections",
    });
  });
});

describe("nobody else gets a response of the probe:", () => {
  const bearer = (id: string, sw: object) => [
    `Authorization: Bearer ${granting(sw, { claims: { iss: id, sub: "u", jti: "j", iat: Math.floor(Date.now() / 1000) } })}`,
  ];
  test.each([
    [
      "another secret",
      "GET",
      () => signed("/", { secret: "another secret, of 32 bytes long." }),
      [],
    ],
    ["no signature", "GET", () => "/probe.signway.invalid/events?silence=600", []],
    ["POST", "POST", () => signed("/", { method: "POST" }), []],
    ["HEAD", "HEAD", () => signed("/", { method: "HEAD" }), []],
    ["http", "GET", () => signedTarget(gateway.url, "http://probe.signway.invalid/"), []],
    ["a port", "GET", () => signedTarget(gateway.url, "https://probe.signway.invalid:8443/"), []],
    [
      "a name below",
      "GET",
      () => signedTarget(gateway.url, "https://a.probe.signway.invalid/"),
      [],
    ],
    ["a token", "GET", () => "/probe.signway.invalid/", bearer(CREDENTIAL.id, {})],
    [
      "a token that names it",
      "GET",
      () => "/probe.signway.invalid/",
      bearer("wide", { to: [`${PROBE}/`] }),
    ],
  ])("%s", async (_, method, path, headers) => {
    const { status, code, text } = await send(method, path(), headers);
    expect(status).toBeGreaterThanOrEqual(400);
    expect(code ?? text).not.toBe("");
    expect(text).not.toContain('"probe"');
  });

  test("a WebSocket", async () => {
    using client = await sendHandshake(gateway, signed("/"));
    expect((await client.responseHead()).status).toBe(403);
  });
});
