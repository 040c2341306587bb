import { describe, expect, test } from "bun:test";
import { base64Url } from "../../../support/minted.ts";
import { placed, SLOTS } from "./slots.ts";
import { appWith, bearing, EDGE, gatewayOf, minted, refusalOf, ruleFor } from "./token_gateway.ts";

const REASON = "it has a JWT whose issuer or audience is unknown";
const NOBODY = minted({ claims: { iss: "https://id.example.com/" } });

describe("the log tells that a request of nobody has a JWT:", () => {
  test.each<readonly [what: string, token: string, reason: string | undefined]>([
    ["of an unknown issuer", NOBODY, REASON],
    ["without an issuer", minted({ claims: { iss: undefined } }), REASON],
    ["whose issuer is a number", minted({ claims: { iss: 1 } }), REASON],
    ["whose payload is no JSON", `${NOBODY.split(".")[0]}.${base64Url("x")}.AAAA`, REASON],
    ["unsigned", `${NOBODY.split(".").slice(0, 2).join(".")}.`, REASON],
    ["not when it is a key", "sk-proj-0123456789abcdef", undefined],
    ["not when it is a name with two dots", "api.example.com", undefined],
    ["not when two parts are there", NOBODY.split(".").slice(0, 2).join("."), undefined],
  ])("%s", async (_, token, reason) => {
    const gateway = gatewayOf();
    const { status, code, document } = await refusalOf(gateway, bearing(token), token);
    expect([status, code]).toEqual([400, "signature_missing"]);
    expect(document["detail"]).toContain("the `iss` of a JWT must be the id of an app");
    expect(gateway.records[0]?.reason).toBe(reason);
  });

  // As a parameter of its own, it is refused by its name.
  const slots = SLOTS.filter(({ what }) => what !== "?X-Sw-Token=");
  test.each(slots)("in every slot: $what", async ({ place, methods: [method = "POST"] = [] }) => {
    const gateway = gatewayOf();
    const request = placed([place(NOBODY)], { method });
    await refusalOf(gateway, request, NOBODY);
    expect(gateway.records).toMatchObject([{ code: "signature_missing", reason: REASON }]);
  });

  test("of an app whose tokens are off", async () => {
    const gateway = gatewayOf([appWith({ tokens: { enabled: false } })]);
    await refusalOf(gateway, bearing(minted()), minted());
    expect(gateway.records[0]?.reason).toBe(REASON);
  });

  test("where a gateway has routes", async () => {
    const upstreams = [ruleFor("https://inside.example/")];
    const route = { id: "/hooks/", path: "/hooks/", upstream: upstreams[0]!.url!, upstreams };
    const gateway = gatewayOf([appWith()], { sources: { routes: [route] } });
    await refusalOf(gateway, bearing(NOBODY), NOBODY);
    expect(gateway.records).toMatchObject([{ code: "route_unknown", reason: REASON }]);
  });

  test("and nothing when there is none", async () => {
    const gateway = gatewayOf();
    await refusalOf(gateway, new Request(EDGE), "");
    expect(gateway.records[0]).toMatchObject({ code: "signature_missing" });
    expect(gateway.records[0]).not.toHaveProperty("reason");
  });
});
