import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { signedTarget } from "../../support/signed.ts";
import { plainExchange, problemOf } from "../../support/signed_exchange.ts";
import { startConfigured } from "../../support/configured_gateway.ts";

const [APPS, ROUTES] = ["https://apps.example", "https://routes.example"];

const upstream = await startUpstream([respond("ok")]);
const gateway = await startConfigured({
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      upstream: [{ url: upstream.url }],
      cors: { allow_origins: [APPS] },
    },
  ],
  route: [
    {
      path: "/users/",
      upstream: upstream.url,
      signature: "none",
      cors: { allow_origins: [ROUTES] },
    },
  ],
});

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** What became of a request, and whose pages may read the response. */
async function outcomeOf(target: string, method = "GET", more: string[] = []) {
  const origins: string[] = [];
  let response = await plainExchange(gateway, method, target);
  for (const origin of [APPS, ROUTES]) {
    const headers = [`Origin: ${origin}`, ...more];
    response = await plainExchange(gateway, method, target, { headers });
    if (response.all("access-control-allow-origin")[0] === origin) origins.push(origin);
  }
  const code = response.status < 300 ? undefined : problemOf(response)["code"];
  return { status: response.status, code, origins };
}

const PREFLIGHT = ["Access-Control-Request-Method: GET"];

describe("the query alone decides whether a request is a signed URL or one of a route", () => {
  test.each([
    "/users/X-Sw-Algorithm=x",
    "/users/X-Sw-Algorithm=SW1-HMAC-SHA256",
    "/users/&X-Sw-Algorithm=x",
    "/users/%3FX-Sw-Algorithm=x",
    "/users/X-Sw-Algorithm=x?a=b",
    "/users/?X-Sw-Algorithm",
    "/users/?x-sw-algorithm=x",
    "/users/?X-Sw-Credential=test-app/20260101",
    "/users/?X-Sw-Signature=x",
    "/users/",
  ])("of the route: %s", async (target) => {
    expect(await outcomeOf(target)).toEqual({ status: 200, code: undefined, origins: [ROUTES] });
    const asked = await outcomeOf(target, "OPTIONS", PREFLIGHT);
    expect(asked).toEqual({ status: 204, code: undefined, origins: [ROUTES] });
  });

  test.each([
    ["/users/?X-Sw-Algorithm=x", "signature_missing"],
    ["/users/?a=b&X-Sw-Algorithm=x", "signature_missing"],
    ["/users/x?X-Sw-Algorithm=SW1-HMAC-SHA256&X-Sw-Signature=x", "parameter_missing"],
  ])("a signed URL: %s", async (target, code) => {
    const { status, code: seen, origins } = await outcomeOf(target);
    // No app is named: the gateway's own policy, which is any origin.
    expect({ status, seen, origins }).toEqual({ status: 400, seen: code, origins: [] });
  });

  test("a signed URL below a route, with the policy of its app", async () => {
    const path = signedTarget(`${gateway.url}/users/x`, `${upstream.url}/`);
    expect(await outcomeOf(path)).toEqual({ status: 200, code: undefined, origins: [APPS] });
    const forged = signedTarget(`${gateway.url}/users/x`, `${upstream.url}/`, { secret: "x" });
    const refused = { status: 400, code: "signature_mismatch", origins: [APPS] };
    expect(await outcomeOf(forged)).toEqual(refused);
    const asked = await outcomeOf(forged, "OPTIONS", PREFLIGHT);
    expect(asked).toMatchObject({ status: 204, origins: [APPS] });
  });
});
