import { describe, expect, test } from "bun:test";
import { signRequest } from "../../../../lib/signing/mod.ts";
import { BodyBudget } from "../../../../lib/gateway/body/body_budget.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import {
  bearing,
  NOW,
  PATH,
  grants,
  appWith,
  gatewayOf,
  ruleFor,
} from "../tokens/token_gateway.ts";
import { signed } from "../in_process_gateway.ts";
import { forwardedBy, policyGateway, policyOf, posting, refusedBy } from "./policy_gateway.ts";

const ANY = { body: { schema: true } };
const text = (length: number) => `"${"x".repeat(length - 2)}"`;

/** A body that arrives in pieces, when the test says so. */
function slowly(): {
  body: ReadableStream<Uint8Array>;
  /** Resolves when the gateway reads the piece. */
  send: (piece: string) => Promise<void>;
  end: () => void;
} {
  const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
  const writer = writable.getWriter();
  return {
    body: readable,
    // A body that is refused is read no further.
    send: (piece) => writer.write(new TextEncoder().encode(piece)).catch(() => {}),
    end: () => void writer.close().catch(() => {}),
  };
}

const streaming = (body: ReadableStream<Uint8Array>, sw: object = ANY) =>
  bearing(grants(sw), PATH, {
    method: "POST",
    body,
    headers: { "content-type": "application/json" },
    duplex: "half",
  } as RequestInit);

describe("the size of a body under a policy", () => {
  test.each<[what: string, size: number, ok: boolean, limits: object, app: object, rule: object]>([
    ["1 MiB by default", 1_048_576, true, {}, {}, {}],
    ["a byte more", 1_048_577, false, {}, {}, {}],
    ["the gateway's limit", 100, true, { maxPolicyBody: 100 }, {}, {}],
    ["above it", 101, false, { maxPolicyBody: 100 }, {}, {}],
    ["above the app's limit", 101, false, {}, { maxBody: 100 }, {}],
    ["above the rule's limit", 101, false, {}, {}, { maxBody: 100 }],
  ])("%s", async (_, size, ok, limits, app, rule) => {
    const make = () =>
      gatewayOf(
        [appWith({ upstreams: [{ ...ruleFor("https://api.example.com/"), ...rule }], ...app })],
        {
          limits,
        },
      );
    const { body, send, end } = slowly();
    void send(text(size));
    end();
    for (const request of [posting(ANY, text(size)), streaming(body)]) {
      const gateway = make();
      const response = await gateway.send(request);
      await response.text();
      expect(response.headers.get("x-sw-problem")).toBe(ok ? null : "body_too_large");
      expect(gateway.fetched).toHaveLength(ok ? 1 : 0);
      if (ok) expect(gateway.records).toMatchObject([{ bytesIn: size }]);
    }
  });

  test("an edit may make it larger than the limit of the rule", async () => {
    const rule = { ...ruleFor("https://api.example.com/"), maxBody: 20 };
    const gateway = gatewayOf([appWith({ upstreams: [rule] })]);
    const sw = { body: { patch: [{ op: "add", path: "/a", value: text(100) }] } };
    const { body } = await forwardedBy(gateway, posting(sw, "{}"));
    expect(body.length).toBeGreaterThan(100);
  });
});

describe("all bodies under policies share 64 MiB", () => {
  const LIMIT = 2 ** 26;
  const holder = () => ({
    start: 0,
    received: 1e9,
    completed: undefined,
    end: () => {},
    held: 0,
    index: -1,
    isInUse: true,
  });

  test("and beyond it the request gets 503", async () => {
    const checked = new BodyBudget("policy_bodies_limit");
    checked.hold(holder(), LIMIT - 20_000, LIMIT);
    const make = () => policyGateway({ options: { checked } });
    expect((await forwardedBy(make(), posting(ANY, text(3000)))).body).toBe(text(3000));
    const refusal = await refusedBy(make(), posting(ANY, text(30_000)));
    expect(refusal).toMatchObject({ status: 503, code: "policy_bodies_limit" });
    const response = await make().send(posting(ANY, text(30_000)));
    expect(response.headers.get("retry-after")).toBe("1");
    // Bodies without a policy do not count.
    expect((await make().send(posting({}, text(30_000)))).status).toBe(200);
  });

  test("a body counts until its response has begun, and no longer", async () => {
    const checked = new BodyBudget("policy_bodies_limit");
    const head = Promise.withResolvers<Response>();
    const gateway = policyGateway({ options: { checked, answer: () => head.promise } });
    const answered = gateway.send(posting(ANY, text(30_000)));
    while (gateway.fetched.length === 0) await Bun.sleep(1);
    expect(checked.held).toBeGreaterThanOrEqual(30_000);
    head.resolve(new Response("answer"));
    await answered;
    expect(checked.held).toBe(0);
  });

  test.each<[what: string, request: () => Request, sw?: object]>([
    ["that is refused", () => posting(ANY, `{"a":1,"a":${text(9000)}}`)],
    ["that does not comply", () => posting({ body: { schema: false } }, text(9000))],
    ["that is too large", () => posting(ANY, text(2_000_000))],
  ])("a body %s does not count", async (_, request) => {
    const checked = new BodyBudget("policy_bodies_limit");
    await policyGateway({ options: { checked } }).send(request());
    expect(checked.held).toBe(0);
  });

  test("a slow body makes room for others", async () => {
    const checked = new BodyBudget("policy_bodies_limit");
    checked.hold(holder(), LIMIT - 40_000, LIMIT);
    const slow = slowly();
    const first = policyGateway({ options: { checked } }).send(streaming(slow.body));
    void slow.send(text(20_000).slice(0, 19_000));
    while (checked.held < LIMIT - 25_000) await Bun.sleep(5);
    await Bun.sleep(200);
    const second = policyGateway({ options: { checked } });
    expect((await second.send(posting(ANY, text(39_000)))).status).toBe(200);
    expect((await first).headers.get("x-sw-problem")).toBe("policy_bodies_limit");
  });
});

describe("the time of a body under a policy", () => {
  test("a client that stalls gets 408", async () => {
    const { body, send } = slowly();
    void send("[");
    const gateway = policyGateway({ options: { limits: { uploadIdleTimeout: 1 } } });
    const refusal = await refusedBy(gateway, streaming(body));
    expect(refusal).toMatchObject({ status: 408, code: "request_timeout" });
  });

  test("a body that ends early is refused", async () => {
    const request = posting(ANY, "[]", { headers: { "content-length": "3" } });
    expect((await refusedBy(policyGateway(), request)).code).toBe("request_malformed");
  });

  test("a token that expires while the body arrives is refused", async () => {
    let now = NOW * 1000;
    const gateway = policyGateway({ options: { now: () => now, timers: new TimerWheel() } });
    const { body, send, end } = slowly();
    const answered = gateway.send(streaming(body));
    await send("[");
    now += 300_000;
    void send("]");
    end();
    const response = await answered;
    expect([response.status, response.headers.get("x-sw-problem")]).toEqual([401, "token_expired"]);
    expect(gateway.fetched).toEqual([]);
  });

  test("so is a URL, and a request of a route that signs its time", async () => {
    const policies = [policyOf("any", ANY)];
    const upstream = new URL("https://api.example.com/");
    const signature = {
      secrets: ["a secret"],
      headers: ["signature"],
      fields: ["path", "HTTP_X_TIME"] as never,
      timestampField: "HTTP_X_TIME",
      maxAge: 60,
    };
    const route = {
      id: "/r/",
      path: "/r/",
      upstream,
      upstreams: [{ url: upstream, headers: [], policies }],
      signature,
    };
    const app = appWith({ upstreams: [{ ...ruleFor("https://api.example.com/v1/"), policies }] });
    const sign = { now: new Date(NOW * 1000), method: "POST" };
    const json = { "content-type": "application/json" };
    const timed = { ...json, "x-time": String(NOW) };
    const source = { method: "POST", path: "/r/x", headers: new Headers(timed) };
    const mac = await signRequest(source, "a secret", signature);
    const init = (body: ReadableStream) =>
      ({ method: "POST", body, duplex: "half" }) as RequestInit;
    for (const [code, make] of [
      ["expired", (body: ReadableStream) => signed({ ...init(body), headers: json, sign })],
      [
        "access_denied",
        (body: ReadableStream) =>
          new Request("https://edge.example.net/r/x", {
            ...init(body),
            headers: { ...timed, signature: mac },
          }),
      ],
    ] as const) {
      for (const late of [false, true]) {
        let now = NOW * 1000;
        const options = { now: () => now, timers: new TimerWheel(), sources: { routes: [route] } };
        const gateway = gatewayOf([app], options);
        const { body, send, end } = slowly();
        const answered = gateway.send(make(body));
        await send("[");
        if (late) now += 301_000;
        void send("]");
        end();
        expect((await answered).headers.get("x-sw-problem")).toBe(late ? code : null);
      }
    }
  });
});
