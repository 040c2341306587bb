import { afterAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import type { HttpMessage } from "../../support/http_message.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { createSigner, signWithSecret } from "../../support/token_signer.ts";
import { waitFor } from "../../support/wait_for.ts";
import { folderWith } from "../../support/folder.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const SECRET = "a secret for tests, of 32 bytes.";
const OTHER = "another secret, with 32 bytes too";
const AUDIENCE = "https://gateway.example";
const ISSUER = "https://id.example/";

const upstream = await startUpstream([respond("ok")]);
const elsewhere = "https://elsewhere.example/";
const redirecting = await startUpstream([
  respond("", { status: "302 Found", headers: [`Location: ${elsewhere}`] }),
]);
const [first, second] = [
  await createSigner("ES256", "first"),
  await createSigner("ES256", "second"),
];
const folder = await folderWith({ "keys.json": JSON.stringify({ keys: [first.jwk] }) });

const web = {
  id: "web",
  secrets: [SECRET],
  tokens: {
    issuer: ISSUER,
    jwks: `file:${folder.path("keys.json")}`,
    algorithms: ["ES256" as const],
    require: { sub: true as const, scope: "gateway" },
  },
  upstream: [
    { url: upstream.url, subject_header: "X-User-Id" },
    { url: `${redirecting.url}/`, redirects: "pass" as const },
    { url: `${redirecting.url}/kept/` },
  ],
};
const config: ConfigInput = {
  audience: AUDIENCE,
  trusted_proxies: ["127.0.0.1", "10.0.0.0/8"],
  app: [
    web,
    {
      id: "own",
      secrets: [SECRET],
      tokens: { audience: "own" },
      upstream: [{ url: upstream.url }],
    },
    { id: "off", secrets: [SECRET], tokens: { enabled: false }, upstream: [{ url: upstream.url }] },
    { id: "short", secrets: ["a secret of 24 bytes ..."], upstream: [{ url: upstream.url }] },
    {
      ...web,
      id: "second",
      tokens: { ...web.tokens, audience: "second" },
      upstream: [{ url: upstream.url, headers: { "X-App": "second" } }],
    },
    {
      id: "far",
      secrets: [SECRET],
      tokens: {
        issuer: "https://far.example/",
        jwks: "https://127.0.0.1:1/keys?canary=7f3a9c",
        algorithms: ["ES256"],
      },
      upstream: [{ url: upstream.url }],
    },
  ],
  route: [{ path: "/open/", upstream: upstream.url, signature: "none" }],
};
const gateway = await startConfigured(config);

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
  await redirecting.stop();
  await folder[Symbol.asyncDispose]();
});

const claims = (more: object = {}): object => ({
  iss: "web",
  sub: "user-7",
  scope: "read gateway",
  exp: Math.floor(Date.now() / 1000) + 60,
  sw: {},
  ...more,
});
const ofSecret = (more: object = {}, secret = SECRET) => signWithSecret(secret, claims(more));
const ofKeySet = (more: object = {}, signer = first) =>
  signer.sign(claims({ iss: ISSUER, aud: AUDIENCE, ...more }));

function send(token: string, headers: string[] = [], target = `${upstream.url}/x`) {
  const path = `/${target.replace("http://", "")}`;
  const all = [`Authorization: Bearer ${token}`, ...headers];
  return plainExchange(gateway, "GET", path, { headers: all });
}

/** The status, or the code of the refusal. */
const outcome = (response: HttpMessage): unknown =>
  response.all("x-sw-problem").length > 0 ? problemOf(response)["code"] : response.status;
const sent = async (token: string, headers: string[] = []) => outcome(await send(token, headers));

describe("a token of an app's secret", () => {
  test("is accepted, and goes no further", async () => {
    expect(await sent(ofSecret())).toBe(200);
    expect(upstream.requests.at(-1)!.all("authorization")).toEqual([]);
  });

  test.each<[string, object, string | number]>([
    ["with the audience", { aud: [AUDIENCE, "other"] }, 200],
    ["with another audience", { aud: "other" }, "token_audience_mismatch"],
    ["of an app with its own audience", { iss: "own", aud: "own" }, 200],
    ["of that app with the gateway's", { iss: "own", aud: AUDIENCE }, "token_audience_mismatch"],
    ["without a claim that is required", { sub: undefined }, "token_malformed"],
    ["without a word that is required", { scope: "read gateways" }, "token_malformed"],
    // It has routes, so what belongs to nobody is looked for there.
    ["of an app without tokens", { iss: "off" }, "route_unknown"],
    ["of an app with a short secret", { iss: "short" }, "secret_too_short"],
  ])("%s", async (_, more, expected) => {
    expect(await sent(ofSecret(more))).toBe(expected);
  });

  test("tells the upstream its subject, and the caller tells none", async () => {
    const spoofed = ["X-User-Id: admin", "X_User_Id: admin"];
    expect(await sent(ofSecret(), spoofed)).toBe(200);
    expect(upstream.requests.at(-1)!.all("x-user-id")).toEqual(["user-7"]);
    const sign = { id: "web", secret: SECRET };
    const signed = await signedExchange(gateway, `${upstream.url}/x`, { sign, headers: spoofed });
    expect(signed.status).toBe(200);
    expect(upstream.requests.at(-1)!.head).not.toContain("admin");
  });

  test("gets a redirect to another origin only where the rule passes it", async () => {
    const passed = await send(ofSecret(), [], `${redirecting.url}/x`);
    expect([passed.status, passed.all("location")]).toEqual([302, [elsewhere]]);
    const kept = await send(ofSecret(), [], `${redirecting.url}/kept/x`);
    expect(outcome(kept)).toBe("redirect_refused");
  });
});

describe("a token of a key set in a file", () => {
  test("is accepted for the gateway's audience", async () => {
    expect(await sent(await ofKeySet())).toBe(200);
    expect(upstream.requests.at(-1)!.all("x-user-id")).toEqual(["user-7"]);
  });

  test("belongs to the app of its audience", async () => {
    for (const [aud, app] of [
      [AUDIENCE, []],
      ["second", ["second"]],
      [["other", "second"], ["second"]],
    ] as const) {
      expect(await sent(await ofKeySet({ aud }))).toBe(200);
      expect(upstream.requests.at(-1)!.all("x-app")).toEqual([...app]);
    }
  });

  test.each<[string, object, string]>([
    ["without sw", { sw: undefined }, "token_malformed"],
    ["without a required claim", { sub: undefined }, "token_malformed"],
    ["for another audience", { aud: "other" }, "route_unknown"],
    ["without an audience", { aud: undefined }, "route_unknown"],
    ["of another issuer", { iss: `${ISSUER}other` }, "route_unknown"],
    ["that claims to be of an app's secret", { iss: "web" }, "token_signature_mismatch"],
    ["that has expired", { exp: 1 }, "token_expired"],
  ])("%s", async (_, more, expected) => {
    expect(await sent(await ofKeySet(more))).toBe(expected);
  });

  test("is not one that an app's secret signed, nor another key", async () => {
    const signed = ofSecret({ iss: ISSUER, aud: AUDIENCE });
    expect(await sent(signed)).toBe("token_signature_mismatch");
    expect(await sent(await ofKeySet({}, second))).toBe("token_signature_mismatch");
    const renamed = await second.sign(claims({ iss: ISSUER, aud: AUDIENCE }), { kid: "first" });
    expect(await sent(renamed)).toBe("token_signature_mismatch");
  });

  test("at a private address is 503, and the log tells of it without the query", async () => {
    const token = await ofKeySet({ iss: "https://far.example/" });
    const response = await send(token);
    expect(outcome(response)).toBe("keys_unavailable");
    expect([response.status, response.all("retry-after")]).toEqual([503, ["5"]]);
    const warning = await waitFor("the warning", () =>
      gateway.lines().find(({ code }) => code === "keys_unavailable"),
    );
    expect(warning).toMatchObject({ level: "warn", jwks: "https://127.0.0.1:1/keys" });
    expect(gateway.stdout()).not.toContain("canary");
  });
});

describe("a reload", () => {
  test("changes secrets, audiences, required claims, tokens and proxies", async () => {
    const forwarded = ["X-Forwarded-For: 203.0.113.5"];
    const address = ofSecret({ sw: { ips: ["203.0.113.5"] } }, OTHER);
    const { require: _, ...tokens } = web.tokens;
    await gateway.reconfigure({ ...config, app: [{ ...web, secrets: [OTHER], tokens }] });
    expect(await sent(ofSecret())).toBe("token_signature_mismatch");
    expect(await sent(ofSecret({ sub: undefined, scope: undefined }, OTHER))).toBe(200);
    expect(await sent(address, forwarded)).toBe(200);
    const line = await gateway.reconfigure({
      ...config,
      audience: "https://new.example",
      trusted_proxies: [],
      app: [{ ...web, secrets: [OTHER], tokens }],
    });
    expect(line["changed"]).toEqual(["trustedProxies", "audience"]);
    expect(await sent(ofSecret({ aud: AUDIENCE }, OTHER))).toBe("token_audience_mismatch");
    expect(await sent(ofSecret({ aud: "https://new.example" }, OTHER))).toBe(200);
    expect(await sent(address, forwarded)).toBe("address_not_granted");
    expect(await sent(await ofKeySet())).toBe("route_unknown");
    expect(await sent(await ofKeySet({ aud: "https://new.example" }))).toBe(200);
    await gateway.reconfigure({ ...config, app: [{ ...web, tokens: { enabled: false } }] });
    expect(await sent(ofSecret())).toBe("route_unknown");
    expect(await sent(await ofKeySet())).toBe("route_unknown");
    await gateway.reconfigure(config);
    expect(await sent(ofSecret())).toBe(200);
  });

  test("reads the file of a key set again", async () => {
    expect(await sent(await ofKeySet())).toBe(200);
    await Bun.write(folder.path("keys.json"), JSON.stringify({ keys: [second.jwk] }));
    expect(await sent(await ofKeySet())).toBe(200);
    await gateway.reconfigure(config);
    expect(await sent(await ofKeySet())).toBe("token_signature_mismatch");
    expect(await sent(await ofKeySet({}, second))).toBe(200);
  });
});
