import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { namesIn, REGISTERED, RESPONSE_CLASSES } from "./field_classes.ts";

const VALUE = "canary-value";

let answer = "";
const upstream = await startUpstream(() => [answer]);
const gateway = await startConfigured({
  app: [
    {
      ...{ id: CREDENTIAL.id, secrets: [CREDENTIAL.secret] },
      upstream: [
        { url: `${upstream.url}/` },
        { url: `${upstream.url}/kept/`, keep_caching: true, keep_cookies: true },
      ],
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** What a client gets of a header of the upstream. */
async function passedOn(name: string, path = "/", value = VALUE): Promise<string[]> {
  answer = respond("ok", { headers: [`${name}: ${value}`] });
  const response = await signedExchange(gateway, upstream.url + path);
  expect([response.status, response.body.toString()]).toEqual([200, "ok"]);
  return response.all(name);
}

const cases = (names: string) => namesIn(names).map((name) => [name] as const);

test("each name of the registry has one class in a response", () => {
  expect(Object.values(RESPONSE_CLASSES).flatMap(namesIn).toSorted()).toEqual(
    REGISTERED.toSorted(),
  );
});

describe("of an upstream, a header that", () => {
  const { passes, caching, cookie, challenge } = RESPONSE_CLASSES;
  const { hop_by_hop, of_the_gateway, of_a_front, of_the_origin } = RESPONSE_CLASSES;

  test.each(cases(passes))("describes the response passes: %s", async (name) => {
    expect(await passedOn(name)).toEqual([VALUE]);
  });

  test.each(cases(hop_by_hop))("belongs to one connection ends here: %s", async (name) => {
    expect((await passedOn(name)).join()).not.toContain(VALUE);
  });

  test.each([...cases(of_the_gateway), ["Access-Control-Allow-Private-Network"], ["X-Sw-Problem"]])(
    "is the gateway's to set does not pass: %s",
    async (name) => {
      for (const path of ["/", "/kept/"]) {
        expect((await passedOn(name, path)).join()).not.toContain(VALUE);
      }
    },
  );

  test.each([
    ...cases(of_a_front),
    ["X-Accel-Mapping"],
    ["X-Sendfile-Type"],
    ["X-LIGHTTPD-Send-Tempfile"],
    ["X-LiteSpeed-Vary"],
    ["X-Reproxy-Expected-Size"],
    ["X-Envoy-Upstream-Canary"],
    ["Netlify-CDN-Cache-Control"],
    ["Netlify-Vary"],
    ["Vercel-CDN-Cache-Control"],
    ["Any-CDN-Cache-Control"],
    ["X-Middleware-Rewrite"],
    ["Cache-Tag"],
    ["xkey"],
    ["x-accel-redirect"],
    ["X-ACCEL-REDIRECT"],
  ])("commands what stands in front never passes: %s", async (name) => {
    for (const path of ["/", "/kept/"]) expect(await passedOn(name, path)).toEqual([]);
  });

  test.each([
    ...cases(of_the_origin),
    ["Cross-Origin-Anything"],
    ["Sec-Shared-Storage-Writable"],
    ["Attribution-Reporting-Info"],
    ["Permissions-Policy-Anything"],
  ])("acts on the gateway's origin never passes: %s", async (name) => {
    for (const path of ["/", "/kept/"]) expect(await passedOn(name, path)).toEqual([]);
  });

  test.each(cases(caching))(
    "has a cache keep it passes where the rule says so: %s",
    async (name) => {
      const expected = name === "Cache-Control" ? ["no-store"] : [];
      expect(await passedOn(name)).toEqual(expected);
      expect(await passedOn(name, "/kept/")).toEqual([VALUE]);
    },
  );

  test.each(cases(cookie))("sets a cookie passes where the rule says so: %s", async (name) => {
    expect(await passedOn(name)).toEqual([]);
    expect(await passedOn(name, "/kept/")).toEqual([VALUE]);
  });

  test.each(cases(challenge))(
    "asks for credentials passes unless a browser answers: %s",
    async (name) => {
      const api = [
        'Bearer realm="x", error="invalid_token"',
        "AWS4-HMAC-SHA256",
        "Key, DPoP algs=ES256",
      ];
      for (const value of api) expect(await passedOn(name, "/", value)).toEqual([value]);
      for (const scheme of [
        "Basic",
        "Digest",
        "Negotiate",
        "NTLM",
        "HOBA",
        "Mutual",
        "PrivateToken",
      ]) {
        for (const value of [
          `${scheme} realm="x"`,
          scheme.toLowerCase(),
          `Bearer realm="x", ${scheme.toUpperCase()} realm="y"`,
          `Bearer,${scheme}`,
          `,\t${scheme}\trealm=x`,
        ]) {
          expect(await passedOn(name, "/kept/", value)).toEqual([]);
        }
      }
    },
  );
});
