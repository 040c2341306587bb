import { describe, expect, test } from "bun:test";
import { createAdmissionControl } from "../../../../lib/gateway/admission/admission.ts";
import { InboundRequest } from "../../../../lib/gateway/inbound.ts";
import type { App } from "../../../../lib/gateway/model/app.ts";
import type { Route } from "../../../../lib/gateway/model/route.ts";
import { webHmac } from "../../../../lib/mod.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { GATEWAY, signed, TARGET } from "../in_process_gateway.ts";
import { UPLOAD_LIMITS } from "../../../support/upload_limits.ts";

const RULE = { url: new URL("https://api.example.com/v1/"), headers: [] };
const APP: App = { id: CREDENTIAL.id, secrets: [CREDENTIAL.secret], upstreams: [RULE] };
const PUBLIC = new URL("https://open.example.com/");
const ROUTE: Route = {
  id: "/open/",
  path: "/open/",
  upstream: PUBLIC,
  upstreams: [{ url: PUBLIC, headers: [] }],
};

/** An admission control, and how often it looked an app up. */
function admissionUnderTest(routes: readonly Route[] = [ROUTE]) {
  const lookUps: string[] = [];
  const findApp = (id: string) => {
    lookUps.push(id);
    return id === APP.id ? APP : undefined;
  };
  const resolve = () => Promise.resolve(["93.184.215.14"]);
  const { claims, admit } = createAdmissionControl({ findApp, routes, hmac: webHmac, resolve });
  return {
    lookUps,
    claims,
    async admit(...args: Parameters<typeof admit>) {
      const admitted = await admit(...args);
      if (admitted instanceof Response) throw new TypeError("a response of findApp");
      return admitted;
    },
  };
}

const inbound = (request: Request) => new InboundRequest(request, {}, UPLOAD_LIMITS);

const unsigned = (path: string) => new Request(new URL(path, GATEWAY));

describe("admit", () => {
  test("says who may call what, without any delivery", async () => {
    const { admit } = admissionUnderTest();
    const { grant, target } = await admit(inbound(signed()));
    expect(grant.principal).toBe(APP);
    expect(grant.credential).toMatchObject({ scheme: "signed_url", id: APP.id });
    expect(grant.credential.expiresAt! - grant.credential.issuedAt!).toBeGreaterThan(0);
    expect(target).toEqual({ url: new URL(TARGET), rule: RULE });
  });

  test("tells of the grant before the target is authorized", async () => {
    const { admit } = admissionUnderTest();
    const grants: string[] = [];
    const elsewhere = inbound(signed({ target: "https://elsewhere.example.com/" }));
    const admitting = admit(elsewhere, ({ target }) => grants.push(target.href));
    await expect(admitting).rejects.toMatchObject({ code: "target_not_allowed" });
    expect(grants).toEqual(["https://elsewhere.example.com/"]);
  });

  test("takes a request without a signed URL for one of a route", async () => {
    const { admit } = admissionUnderTest();
    const { grant, target } = await admit(inbound(unsigned("/open/a?b=c")));
    expect(grant.principal).toBe(ROUTE);
    expect(grant.credential).toEqual({ scheme: "none" });
    expect(target.url.href).toBe("https://open.example.com/open/a?b=c");
  });

  test("takes it for an unsigned URL where there are no routes", async () => {
    const { admit } = admissionUnderTest([]);
    const admitting = admit(inbound(unsigned("/open/a")));
    await expect(admitting).rejects.toMatchObject({ code: "signature_missing" });
  });
});

describe("claims", () => {
  test.each<[string, () => Request, App | Route | undefined]>([
    ["the app of a signed URL", () => signed(), APP],
    ["the app of a wrongly signed URL", () => signed({ sign: { secret: "other" } }), APP],
    ["no app of an unknown id", () => signed({ sign: { id: "nobody" } }), undefined],
    ["the route of a path", () => unsigned("/open/a"), ROUTE],
    ["no route of an unknown path", () => unsigned("/closed"), undefined],
    ["nothing of an ambiguous path", () => unsigned("/open/..%2fclosed"), undefined],
  ])("finds %s", async (_, request, expected) => {
    expect(await admissionUnderTest().claims(inbound(request()))).toBe(expected);
  });

  test.each<[string, () => Request]>([
    ["admitted", () => signed()],
    ["refused for its signature", () => signed({ sign: { secret: "other" } })],
    ["of an unknown app", () => signed({ sign: { id: "nobody" } })],
  ])("looks nothing up again for a request that was %s", async (_, request) => {
    const { admit, claims, lookUps } = admissionUnderTest();
    const received = inbound(request());
    await admit(received).catch(() => {});
    await claims(received);
    expect(lookUps).toHaveLength(1);
  });

  test("asks no database again that has failed", async () => {
    let calls = 0;
    const findApp = () => Promise.reject(new Error(`call ${++calls}`));
    const resolve = () => Promise.resolve([]);
    const { admit, claims } = createAdmissionControl({
      findApp,
      routes: [],
      hmac: webHmac,
      resolve,
    });
    const received = inbound(signed());
    await expect(admit(received)).rejects.toThrow("call 1");
    expect(await claims(received)).toBeUndefined();
    expect(calls).toBe(1);
  });

  test("is undefined, and no error, when the look-up fails", async () => {
    const findApp = () => Promise.reject(new Error("no database"));
    const resolve = () => Promise.resolve([]);
    const { claims } = createAdmissionControl({ findApp, routes: [], hmac: webHmac, resolve });
    expect(await claims(inbound(signed()))).toBeUndefined();
  });
});
