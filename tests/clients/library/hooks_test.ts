import { describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { type Embedded, embed } from "./embedded.ts";

type EarlyHook = "onRequest" | "onResponse";

const HOOKS: EarlyHook[] = ["onRequest", "onResponse"];

const WAYS: [how: string, give: <T>(value: T) => T | Promise<T>][] = [
  ["at once", (value) => value],
  ["later", async (value) => (await Bun.sleep(5), value)],
];

const ANSWERS: [what: string, make: () => Response, status: number, body: string][] = [
  ["a text", () => new Response("quota", { status: 429 }), 429, "quota"],
  ["JSON", () => Response.json({ left: 0 }, { status: 402 }), 402, '{"left":0}'],
  ["no body", () => new Response(null, { status: 204 }), 204, ""],
  ["an empty body", () => new Response(""), 200, ""],
  ["a stream", () => new Response(new Blob(["a", "b"]).stream()), 200, "ab"],
  ["a redirect", () => Response.redirect("https://a.example/", 303), 303, ""],
];

const cells = HOOKS.flatMap((hook) =>
  WAYS.flatMap(([how, give]) =>
    ANSWERS.map(([what, ...answer]) => [hook, what, how, give, ...answer] as const),
  ),
);

function expectInert({ headers }: Response): void {
  expect(headers.get("content-security-policy")).toBe("default-src 'none'; sandbox");
  expect(headers.get("x-content-type-options")).toBe("nosniff");
  expect(headers.get("referrer-policy")).toBe("no-referrer");
  expect(headers.get("cache-control")).toBe("no-store");
}

describe("a response of a hook goes to the client in place of the upstream's:", () => {
  test.each(cells)("%s gives %s %s", async (hook, _, __, give, make, status, body) => {
    await using it = await embed({
      hooks: { [hook]: () => give(make()) },
      cors: { origins: ["https://app.example"] },
    });
    const headers = { Origin: "https://app.example", "X-Request-Id": "id-1" };
    const response = await it.ask({ headers, redirect: "manual" });
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(response.headers.get("access-control-allow-origin")).toBe("https://app.example");
    expect(response.headers.get("x-request-id")).toBe("id-1");
    expectInert(response);
    expect(it.upstream.requests).toHaveLength(hook === "onRequest" ? 0 : 1);
    expect(it.records).toMatchObject([
      { app: CREDENTIAL.id, status, outcome: "complete", bytesOut: body.length },
    ]);
    expect([it.errors, it.thrown]).toEqual([[], []]);
  });

  test.each(HOOKS)("%s cannot set cookies or policies of the gateway's origin", async (hook) => {
    const headers = {
      "Set-Cookie": "a=b",
      "Strict-Transport-Security": "max-age=1",
      "Access-Control-Allow-Origin": "https://evil.example",
      "X-Mine": "kept",
    };
    await using it = await embed({ hooks: { [hook]: () => new Response("x", { headers }) } });
    const response = await it.ask();
    expect(response.headers.getSetCookie()).toEqual([]);
    expect(response.headers.get("strict-transport-security")).toBeNull();
    expect(response.headers.get("access-control-allow-origin")).toBe("*");
    expect(response.headers.get("x-mine")).toBe("kept");
  });

  test.each(HOOKS)("%s that gives nothing changes nothing", async (hook) => {
    for (const [, give] of WAYS) {
      await using it = await embed({ hooks: { [hook]: () => give(undefined) } });
      expect(await (await it.ask()).text()).toBe("answer");
    }
  });

  test.each(HOOKS)("%s cannot announce another length than its body has", async (hook) => {
    const body = new Blob(["a longer body"]).stream();
    await using it = await embed({
      hooks: { [hook]: () => new Response(body, { headers: { "Content-Length": "5" } }) },
    });
    const response = await it.ask();
    expect(await response.text()).toBe("a longer body");
    expect([null, "13"]).toContain(response.headers.get("content-length"));
    expect(it.records).toMatchObject([{ outcome: "complete", bytesOut: 13 }]);
  });

  test("a network error for a response is a broken upstream", async () => {
    await using it = await embed({ hooks: { onResponse: () => Response.error() } });
    expect((await it.ask()).status).toBe(502);
  });
});

describe("a client that leaves before a hook has answered", () => {
  const endless = () => new Response(new ReadableStream({ pull: () => new Promise(() => {}) }));

  test.each([
    ["a text", () => new Response("quota", { status: 429 })],
    ["a stream that never ends", endless],
  ])("ends its exchange when onRequest gives %s", async (_, make) => {
    const asked = Promise.withResolvers<void>();
    const answered = Promise.withResolvers<Response>();
    await using it = await embed({
      hooks: {
        onRequest() {
          asked.resolve();
          return answered.promise;
        },
      },
    });
    const leaving = new AbortController();
    const asking = it.ask({ signal: leaving.signal }).catch(() => undefined);
    await asked.promise;
    leaving.abort();
    await asking;
    await Bun.sleep(100);
    answered.resolve(make());
    await waitFor("the record", () => it.records.length === 1);
    expect(it.records[0]).toMatchObject({ outcome: "client_gone" });
  });
});

describe("onRequest", () => {
  const calls = async (ask: (it: Embedded) => Promise<Response>) => {
    const seen: [string, string][] = [];
    await using it = await embed({
      hooks: { onRequest: (id, { method }) => void seen.push([id, method]) },
    });
    return { status: (await ask(it)).status, seen };
  };

  test.each<[string, (it: Embedded) => Promise<Response>, number]>([
    ["without a signature", (it) => fetch(it.url), 400],
    ["with a wrong one", (it) => it.ask({ sign: { secret: "another" } }), 400],
    ["of nobody known", (it) => it.ask({ sign: { id: "nobody" } }), 401],
    [
      "for another target",
      (it) => {
        it.app.upstreams[0]!.url!.port = "1";
        return it.ask();
      },
      403,
    ],
    [
      "that is a preflight",
      (it) =>
        it.ask({
          method: "OPTIONS",
          headers: { Origin: "https://a.example", "Access-Control-Request-Method": "GET" },
        }),
      204,
    ],
  ])("hears nothing of a request %s", async (_, ask, status) => {
    expect(await calls(ask)).toEqual({ status, seen: [] });
  });

  test("hears of each rightly signed request once, with the app's id", async () => {
    const found = await calls((it) => it.ask({ method: "POST", body: "question" }));
    expect(found).toEqual({ status: 200, seen: [[CREDENTIAL.id, "POST"]] });
  });

  test("may read a clone, and the upstream still gets the whole body", async () => {
    const read: string[] = [];
    await using it = await embed({
      hooks: { onRequest: async (_, request) => void read.push(await request.clone().text()) },
    });
    for (const body of ["question", "x".repeat(200_000)]) {
      expect((await it.ask({ method: "POST", body })).status).toBe(200);
      expect(it.upstream.requests.at(-1)?.body.toString()).toBe(body);
      expect(read.at(-1)).toBe(body);
    }
  });

  test("may read the clone of a signed body", async () => {
    const read: string[] = [];
    await using it = await embed({
      hooks: { onRequest: async (_, request) => void read.push(await request.clone().text()) },
    });
    const response = await it.ask({ method: "POST", body: "question", sign: { body: "question" } });
    expect(response.status).toBe(200);
    expect(read).toEqual(["question"]);
  });
});

describe("onResponse", () => {
  test("sees the upstream's response before it is read, and not the gateway's own", async () => {
    const seen: [string, number, string | null, boolean][] = [];
    await using it = await embed({
      hooks: {
        onResponse: (id, { status, headers, bodyUsed }) =>
          void seen.push([id, status, headers.get("content-length"), bodyUsed]),
      },
    });
    expect(await (await it.ask()).text()).toBe("answer");
    expect((await it.ask({ sign: { secret: "another" } })).status).toBe(400);
    expect(seen).toEqual([[CREDENTIAL.id, 200, "6", false]]);
  });

  test("may give back the response that it got", async () => {
    await using it = await embed({ hooks: { onResponse: (_, response) => response } });
    expect(await (await it.ask()).text()).toBe("answer");
  });
});
