import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL, type LogLine } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import type { SignedOptions } from "../../support/signed.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const ROUTE_SECRET = "the secret of a route, 32 bytes: /+=";
const NEWER = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret, `${NEWER}\n`],
      upstream: [{ url: upstream.url }],
    },
  ],
  route: [
    {
      path: "/signed/",
      upstream: upstream.url,
      signature: { scheme: "sasigning", secrets: [ROUTE_SECRET] },
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const TARGET = `${upstream.url}/path?query`;

/** The record of a request that is refused, and the line as it was written. */
async function recordOf(sign: SignedOptions, target = TARGET): Promise<[LogLine, string]> {
  const before = gateway.records().length;
  const response = await signedExchange(gateway, target, { sign });
  expect([400, 401]).toContain(response.status);
  await gateway.waitForRecord(() => gateway.records().length > before);
  const line = gateway.stdout().trimEnd().split("\n").at(-1)!;
  return [gateway.records()[before]!, line];
}

describe("the record of an unverified request", () => {
  test.each<[string, SignedOptions, object]>([
    ["an app that exists", { secret: "another" }, { app: CREDENTIAL.id, upstream: upstream.url }],
    [
      "an app that exists, and an old URL",
      { now: new Date(Date.now() - 3_600_000) },
      { app: CREDENTIAL.id, upstream: upstream.url },
    ],
    ["an app that does not", { id: "nobody" }, { app: "nobody", upstream: upstream.url }],
    ["an id of 7 kB", { id: "x".repeat(7000) }, { app: "x".repeat(64) }],
    ["a control character of C1 in the id", { id: "a\u009b31mb" }, { app: "a\\u{9b}31mb" }],
    ["bidirectional text", { id: "a\u202eb\u2066" }, { app: "a\\u{202e}b\\u{2066}" }],
  ])("names %s", async (_, sign, shown) => {
    const [record, line] = await recordOf(sign);
    expect(record).toMatchObject(shown);
    expect(line.length).toBeLessThan(800);
    expect(line).not.toMatch(/[\p{C}\p{Zl}\p{Zp}]/u);
  });

  test.each([
    ["a target of 7 kB", `${upstream.url}/${"x".repeat(7000)}`, upstream.url],
    ["a long host", `http://${"x".repeat(255)}/`, `http://${"x".repeat(249)}`],
    ["bidirectional text in the host", "http://a\u202eb/", "http://a\\u{202e}b"],
    ["user info", "http://user:canary@a.example/", "http://a.example"],
    ["no URL", "canary", undefined],
  ])("names the origin of %s alone", async (_, target, origin) => {
    const [record, line] = await recordOf({ secret: "another" }, target);
    expect(record["upstream"]).toBe(origin);
    expect(line.length).toBeLessThan(800);
    expect(line).not.toContain("canary");
  });
});

describe("a secret in place of the id is not written", () => {
  test.each([
    ["alone", CREDENTIAL.secret],
    ["the second one", NEWER],
    ["of a route", ROUTE_SECRET],
    ["behind the id", `${CREDENTIAL.id}:${NEWER}`],
    ["before the id", `${NEWER}/${CREDENTIAL.id}`],
    ["with a blank", ` ${CREDENTIAL.secret} `],
  ])("%s", async (_, id) => {
    const [record, line] = await recordOf({ id, secret: CREDENTIAL.id });
    expect(record["app"]).toBeUndefined();
    expect(record["reason"]).toBe("the credential contains a secret instead of the id");
    for (const secret of [CREDENTIAL.secret, NEWER, ROUTE_SECRET]) {
      expect(line).not.toContain(secret);
    }
  });
});
