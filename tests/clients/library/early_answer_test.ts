import { describe, expect, test } from "bun:test";
import type { GatewaySources } from "../../../lib/mod.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type Embedded, embed } from "./embedded.ts";

const HEADERS = {
  "X-Mine": "kept",
  "X-Sw-Problem": "expired",
  "Set-Cookie": "a=b",
  "Access-Control-Allow-Origin": "https://evil.example",
};
const paused = () => new Response("paused", { status: 402, headers: HEADERS });
const WAYS: [how: string, findApp: GatewaySources["findApp"]][] = [
  ["returned", () => paused()],
  ["promised", () => Promise.resolve(paused())],
  ["as a stream", () => new Response(new Blob(["pau", "sed"]).stream(), paused())],
];

/** Asks, and waits for the record. */
async function answer(it: Embedded, response: Promise<Response>): Promise<[Response, string]> {
  const text = await (await response).text();
  await waitFor("the record", () => it.records.length > 0);
  return [await response, text];
}

describe("findApp may answer a request before a secret is used:", () => {
  test.each(WAYS)("%s", async (_, findApp) => {
    await using it = await embed({
      sources: { findApp },
      cors: { origins: ["https://app.example"] },
    });
    const headers = { Origin: "https://app.example" };
    const [response, text] = await answer(it, it.ask({ headers, sign: { secret: "wrong" } }));
    expect([response.status, text]).toEqual([402, "paused"]);
    expect(response.headers.get("x-mine")).toBe("kept");
    for (const name of ["x-sw-problem", "set-cookie"])
      expect(response.headers.has(name)).toBe(false);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
    const id = it.records[0]!.requestId;
    expect(response.headers.get("x-sw-request-id")).toBe(id);
    expect(it.records).toMatchObject([{ status: 402, outcome: "complete", bytesOut: 6 }]);
    expect(it.records[0]).not.toHaveProperty("verifyMs");
    expect(it.upstream.requests).toHaveLength(0);
    expect([it.errors, it.thrown]).toEqual([[], []]);
  });

  test("it is asked once, with the id and the request", async () => {
    const asked: [string, string, string, string | null][] = [];
    await using it = await embed({
      sources: {
        findApp: async (id, request) => {
          const body = await request.clone().text();
          asked.push([id, request.method, body, request.headers.get("x-tenant")]);
          return paused();
        },
      },
    });
    await answer(it, it.ask({ method: "POST", body: "hello", headers: { "X-Tenant": "7" } }));
    expect(asked).toEqual([[it.app.id, "POST", "hello", "7"]]);
  });

  test("a body that it has cloned is still forwarded", async () => {
    let it: Embedded | undefined;
    const findApp = async (_: string, request: Request) => {
      expect(await request.clone().text()).toBe("hello");
      return it!.app;
    };
    it = await embed({ sources: { findApp } });
    await using _it = it;
    const [response] = await answer(it, it.ask({ method: "POST", body: "hello" }));
    expect(response.status).toBe(200);
    expect(it.upstream.requests.map(({ body }) => String(body))).toEqual(["hello"]);
  });

  test("a preflight is answered by the gateway", async () => {
    await using it = await embed({ sources: { findApp: paused }, cors: { methods: ["PUT"] } });
    const headers = { Origin: "https://a.example", "Access-Control-Request-Method": "PUT" };
    const [response] = await answer(it, it.ask({ method: "OPTIONS", headers }));
    expect(response.status).toBe(204);
    expect(response.headers.get("access-control-allow-methods")).toBe("PUT");
  });

  test("what is malformed or expired is refused before it is asked", async () => {
    let asked = 0;
    await using it = await embed({ sources: { findApp: () => (asked++, paused()) } });
    const old = await it.ask({ sign: { now: new Date(0) } });
    expect(old.headers.get("x-sw-problem")).toBe("expired");
    // The page that may read the refusal is asked for; the response of findApp is not it.
    expect(old.status).toBe(400);
    expect(asked).toBeLessThan(2);
  });

  test("a response that cannot be sent is a problem, and no crash", async () => {
    await using it = await embed({ sources: { findApp: () => Response.error() } });
    const [response] = await answer(it, it.ask());
    expect(response.status).toBeGreaterThanOrEqual(500);
    expect(it.thrown).toEqual([]);
  });
});
