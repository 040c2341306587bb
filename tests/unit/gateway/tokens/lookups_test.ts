import { describe, expect, test } from "bun:test";
import type { App } from "../../../../lib/gateway/model/app.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { problemIn, signed } from "../in_process_gateway.ts";
import { placed, SLOTS } from "./slots.ts";
import {
  appWith,
  bearing,
  EDGE,
  gatewayOf,
  minted,
  NOW,
  PATH,
  refusalOf,
} from "./token_gateway.ts";

const nobody = (number: number) => minted({ claims: { iss: `nobody-${number}` } });
const manyOf = (count: number) => ({
  query: Array.from({ length: count }, (_, i) => `key=${nobody(i)}`).join("&"),
});
const TOKEN = minted();
const PREFLIGHT = { Origin: "https://a.example", "Access-Control-Request-Method": "POST" };

/** A gateway that notes which ids are looked up. */
function counting(found: (id: string) => App | Response | undefined = () => undefined) {
  const ids: string[] = [];
  const find = (id: string) => {
    ids.push(id);
    return id === CREDENTIAL.id ? appWith() : found(id);
  };
  return { ids, gateway: gatewayOf([], { sources: { findApp: find } }) };
}

describe("an app is looked up", () => {
  test.each<readonly [what: string, request: () => Request, ids: readonly string[]]>([
    ["once for a token", () => bearing(TOKEN), [CREDENTIAL.id]],
    [
      "once for a token of a wrong form",
      () => bearing(minted({ claims: { sw: 1 } })),
      [CREDENTIAL.id],
    ],
    [
      "once for a preflight",
      () => placed([{ query: `key=${TOKEN}` }], { method: "OPTIONS", headers: PREFLIGHT }),
      [CREDENTIAL.id],
    ],
    ["not for a value that is no token", () => bearing("sk-proj-abc.def.ghi"), []],
    [
      "once for each issuer",
      () => placed([manyOf(3), { headers: { "x-api-key": nobody(1) } }]),
      ["nobody-1", "nobody-0", "nobody-2"],
    ],
    [
      "once for a token in every slot",
      () => placed(SLOTS.filter(({ what }) => what !== "/%7E").map(({ place }) => place(TOKEN))),
      [CREDENTIAL.id],
    ],
    [
      "16 times at most",
      () => placed([manyOf(16)]),
      Array.from({ length: 16 }, (_, i) => `nobody-${i}`),
    ],
    ["not for more tokens", () => placed([manyOf(17)]), []],
  ])("%s", async (_, request, ids) => {
    const { gateway, ids: looked } = counting();
    await gateway.send(request());
    expect(looked).toEqual([...ids]);
  });

  test("and 17 tokens of anybody are too many", async () => {
    const { status, code } = await refusalOf(counting().gateway, placed([manyOf(17)]), nobody(0));
    expect([status, code]).toEqual([401, "token_repeated"]);
  });

  test.each(["x-api-key", "authorization", "sec-websocket-protocol"])(
    "and so are 65 values in %s that look like tokens",
    async (name) => {
      const scheme = name === "authorization" ? "Bearer " : "";
      const values = Array.from({ length: 65 }, (_, i) => `${scheme}eyJh.eyJi${i}.c`).join(", ");
      const request = placed([{ headers: { [name]: values } }]);
      const { status, code } = await refusalOf(counting().gateway, request, values);
      expect([status, code]).toEqual([401, "token_repeated"]);
    },
  );
});

describe("a response of findApp", () => {
  const answer = () => new Response("not here", { status: 418, headers: { "x-mine": "1" } });

  test("reaches the client", async () => {
    const { gateway } = counting(answer);
    const response = await gateway.send(bearing(nobody(1)));
    expect([response.status, response.headers.get("x-mine"), await response.text()]).toEqual([
      418,
      "1",
      "not here",
    ]);
    expect(gateway.fetched).toEqual([]);
    expect(gateway.records).toMatchObject([{ status: 418 }]);
    expect(gateway.records[0]).not.toHaveProperty("verifyMs");
  });

  test("is not the response to a preflight", async () => {
    const { gateway } = counting(answer);
    const request = placed([{ query: `key=${nobody(1)}` }], {
      method: "OPTIONS",
      headers: PREFLIGHT,
    });
    expect((await gateway.send(request)).status).toBe(204);
  });

  test("for a token of somebody else does not end a signed request", async () => {
    const { gateway } = counting(answer);
    const headers = { "x-user": `Bearer ${nobody(1)}`, authorization: `Bearer ${nobody(2)}` };
    const response = await gateway.send(signed({ headers, sign: { now: new Date(NOW * 1000) } }));
    expect(response.status).toBe(200);
  });
});

describe("an error of findApp", () => {
  test.each([
    [
      "thrown",
      () => {
        throw new Error("canary");
      },
    ],
    ["in a promise", () => Promise.reject(new Error("canary"))],
  ] as const)("%s, is an internal error", async (_, findApp) => {
    const gateway = gatewayOf([], { sources: { findApp } });
    const response = await gateway.send(bearing(TOKEN));
    expect(response.status).toBe(500);
    const text = JSON.stringify(await problemIn(response));
    expect(text).toContain("internal_error");
    expect(text).not.toContain("canary");
    expect(gateway.errors).toHaveLength(1);
    expect(gateway.fetched).toEqual([]);
  });

  test("does not fail a preflight", async () => {
    const findApp = () => Promise.reject(new Error("canary"));
    const gateway = gatewayOf([], { sources: { findApp } });
    const request = new Request(`${EDGE}${PATH}?key=${TOKEN}`, {
      method: "OPTIONS",
      headers: PREFLIGHT,
    });
    expect((await gateway.send(request)).status).toBe(204);
  });
});
