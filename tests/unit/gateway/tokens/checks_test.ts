import { describe, expect, test } from "bun:test";
import type { App } from "../../../../lib/gateway/model/app.ts";
import type { GatewayOptions } from "../../../../lib/runtime/gateway_options.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { appWith, bearing, gatewayOf, minted, NOW, PATH, refusalOf } from "./token_gateway.ts";

type Settings = { app?: Partial<App> } & Pick<GatewayOptions, "audience" | "limits">;
type Claims = Record<string, unknown>;

const WEEK = 604_800;
const SKEW = 300;
const ME = "https://edge.example.net";
const required = (require: Record<string, true | string>): Settings => ({
  app: { tokens: { require } },
});

const REFUSED: readonly (readonly [
  what: string,
  claims: Claims,
  code: string,
  settings?: Settings,
])[] = [
  ["expired just now", { exp: NOW }, "token_expired"],
  ["expired long ago", { exp: 0 }, "token_expired"],
  ["expired before 1970", { exp: -NOW }, "token_expired"],
  ["expired, whatever the skew", { exp: NOW - 1, iat: NOW + SKEW }, "token_expired"],
  ["iat beyond the skew", { iat: NOW + SKEW + 1, exp: NOW + 600 }, "token_not_yet_valid"],
  ["nbf beyond the skew", { nbf: NOW + SKEW + 1, exp: NOW + 600 }, "token_not_yet_valid"],
  ["nbf beyond a skew of 0", { nbf: NOW + 1 }, "token_not_yet_valid", { limits: { clockSkew: 0 } }],
  ["a life of a week and a second", { exp: NOW + WEEK + 1 }, "token_lifetime_too_long"],
  [
    "a long life, said to begin later",
    { iat: NOW + 300, exp: NOW + WEEK + 1 },
    "token_lifetime_too_long",
  ],
  ["a long life that is nearly over", { iat: NOW - WEEK, exp: NOW + 1 }, "token_lifetime_too_long"],
  ["exp of 2^53 - 1", { exp: 2 ** 53 - 1 }, "token_lifetime_too_long"],
  ["iat of -2^53 + 1", { iat: -(2 ** 53) + 1 }, "token_lifetime_too_long"],
  [
    "too long for the app",
    { exp: NOW + 61 },
    "token_lifetime_too_long",
    { app: { maxExpires: 60 } },
  ],
  [
    "too long for the gateway",
    { exp: NOW + 61 },
    "token_lifetime_too_long",
    { app: { maxExpires: 900 }, limits: { maxExpires: 60 } },
  ],
  ["an audience where there is none", { aud: ME }, "token_audience_mismatch"],
  ["an empty audience", { aud: "" }, "token_audience_mismatch"],
  ["no audience in a list", { aud: [] }, "token_audience_mismatch", { audience: ME }],
  ["another audience", { aud: `${ME}/` }, "token_audience_mismatch", { audience: ME }],
  [
    "an audience in another case",
    { aud: ME.toUpperCase() },
    "token_audience_mismatch",
    { audience: ME },
  ],
  [
    "the gateway's, where the app has its own",
    { aud: ME },
    "token_audience_mismatch",
    { audience: ME, app: { tokens: { audience: "web" } } },
  ],
  ["two audiences in one text", { aud: `${ME} web` }, "token_audience_mismatch", { audience: ME }],
  ["time before audience", { exp: NOW, aud: "x" }, "token_expired"],
  ["a required claim that is missing", {}, "token_malformed", required({ sub: true })],
  ["a required claim of null", { tenant: null }, "token_malformed", required({ tenant: true })],
  ["a required value that differs", { tenant: "b" }, "token_malformed", required({ tenant: "a" })],
  ["a required value of another type", { tenant: 1 }, "token_malformed", required({ tenant: "1" })],
  ["a required value in a list", { tenant: ["a"] }, "token_malformed", required({ tenant: "a" })],
  [
    "a scope that only begins alike",
    { scope: "gateways x" },
    "token_malformed",
    required({ scope: "gateway" }),
  ],
  [
    "a scope in another case",
    { scope: "Gateway" },
    "token_malformed",
    required({ scope: "gateway" }),
  ],
  [
    "a scope that is a list",
    { scope: ["gateway"] },
    "token_malformed",
    required({ scope: "gateway" }),
  ],
  [
    "one of two that are required",
    { sub: "a" },
    "token_malformed",
    required({ sub: true, scope: "x" }),
  ],
  [
    "a required name of every object",
    {},
    "token_malformed",
    required(Object.fromEntries([["constructor", true as const]])),
  ],
  [
    "the audience before what is required",
    { aud: "x" },
    "token_audience_mismatch",
    required({ sub: true }),
  ],
];

describe("a token is refused for its time, audience or claims:", () => {
  test.each(REFUSED)("%s", async (_, claims, code, { app, ...options } = {}) => {
    const token = minted({ claims });
    const { status, ...refusal } = await refusalOf(
      gatewayOf([appWith(app)], options),
      bearing(token),
      token,
    );
    expect({ status, code: refusal.code }).toEqual({ status: 401, code });
  });

  test.each([NaN, Infinity, -Infinity])("a clock that shows %d accepts nothing", async (time) => {
    const token = minted();
    const { status } = await refusalOf(
      gatewayOf([appWith()], { now: () => time }),
      bearing(token),
      token,
    );
    expect(status).toBe(401);
  });
});

describe("a token is accepted for its time, audience and claims:", () => {
  test.each<readonly [what: string, claims: Claims, settings?: Settings]>([
    ["a second before its end", { exp: NOW + 1 }],
    ["a week", { iat: NOW, exp: NOW + WEEK }],
    ["iat within the skew", { iat: NOW + SKEW, exp: NOW + 600 }],
    ["nbf within the skew", { nbf: NOW + SKEW, exp: NOW + 600 }],
    ["nbf long ago", { nbf: 0 }],
    ["the app's longest life", { exp: NOW + 60 }, { app: { maxExpires: 60 } }],
    ["the gateway's audience", { aud: ME }, { audience: ME }],
    ["the audience in a list", { aud: ["a", ME] }, { audience: ME }],
    ["no audience", {}, { audience: ME }],
    ["the app's audience", { aud: "web" }, { audience: ME, app: { tokens: { audience: "web" } } }],
    [
      "what is required",
      { sub: "a", scope: "x gateway", tenant: "a" },
      required({ sub: true, scope: "gateway", tenant: "a" }),
    ],
    ["0 for any value", { tenant: 0 }, required({ tenant: true })],
  ])("%s", async (_, claims, { app, ...options } = {}) => {
    const gateway = gatewayOf([appWith(app)], options);
    const response = await gateway.send(bearing(minted({ claims })));
    expect([response.status, gateway.fetched.length]).toEqual([200, 1]);
  });
});

const LONG = "another secret, of 32 bytes or more";

describe("secrets of an app:", () => {
  test.each<readonly [what: string, secrets: readonly string[], signs: string, code: string]>([
    ["31 bytes", ["x".repeat(31)], "x".repeat(31), "secret_too_short"],
    [
      "31 bytes in 31 characters and a blank",
      [`${"x".repeat(30)}`],
      "x".repeat(30),
      "secret_too_short",
    ],
    [
      "15 letters of two bytes and one",
      [`${"é".repeat(15)}a`],
      `${"é".repeat(15)}a`,
      "secret_too_short",
    ],
    ["blanks", [" ".repeat(64)], " ".repeat(64), "secret_too_short"],
    ["none", [], CREDENTIAL.secret, "secret_too_short"],
    ["none, and a wrong signature", ["short"], "x", "secret_too_short"],
    ["a short one beside a long one", ["short", LONG], "short", "token_signature_mismatch"],
    ["a long one that did not sign", [LONG], CREDENTIAL.secret, "token_signature_mismatch"],
  ])("%s: refused", async (_, secrets, secret, code) => {
    const token = minted({ secret });
    const { status, ...refusal } = await refusalOf(
      gatewayOf([appWith({ secrets })]),
      bearing(token),
      token,
    );
    expect({ status, code: refusal.code }).toEqual({ status: 401, code });
  });

  test.each<readonly [what: string, secrets: readonly string[], signs: string, place: number]>([
    ["32 bytes", ["x".repeat(32)], "x".repeat(32), 0],
    ["16 letters of two bytes", ["é".repeat(16)], "é".repeat(16), 0],
    ["the second one", [CREDENTIAL.secret, LONG], LONG, 1],
    ["behind a short one", ["short", LONG], LONG, 1],
  ])("%s: accepted", async (_, secrets, secret, place) => {
    const gateway = gatewayOf([appWith({ secrets })]);
    const response = await gateway.send(bearing(minted({ secret })));
    expect(await response.text()).toBe("answer");
    expect(gateway.records).toMatchObject([{ app: CREDENTIAL.id, secret: place, status: 200 }]);
  });

  test("a secret that has been replaced verifies nothing any more", async () => {
    const app = { ...appWith(), secrets: [CREDENTIAL.secret] };
    const gateway = gatewayOf([app]);
    const token = minted();
    expect((await gateway.send(bearing(token))).status).toBe(200);
    app.secrets = [LONG];
    expect((await gateway.send(bearing(token))).status).toBe(401);
    expect((await gateway.send(bearing(minted({ secret: LONG })))).status).toBe(200);
  });

  test("two apps with one secret do not share their tokens", async () => {
    const other = appWith({ id: "other", upstreams: [] });
    const token = minted({ claims: { iss: "other" } });
    const { code } = await refusalOf(gatewayOf([appWith(), other]), bearing(token), token);
    expect(code).toBe("target_not_allowed");
  });
});

test("an app without tokens is nobody's: the request has no signature", async () => {
  const token = minted();
  const gateway = gatewayOf([appWith({ tokens: { enabled: false } })]);
  const { status, code, document } = await refusalOf(gateway, bearing(token, PATH), token);
  expect([status, code]).toEqual([400, "signature_missing"]);
  // Clients that use tokens show this text when they look for a server at which to log in.
  expect(document["detail"]).toContain("no access token");
});
