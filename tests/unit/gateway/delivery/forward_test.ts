import { describe, expect, test } from "bun:test";
import {
  GATEWAY,
  gatewayUnderTest,
  KEY,
  problemIn,
  signed,
  TARGET,
} from "../in_process_gateway.ts";

const hung = () => new Promise<Response>(() => {});

describe("what goes to the upstream", () => {
  test.each(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"])("%s", async (method) => {
    const gateway = gatewayUnderTest();
    const body = /^(POST|PUT|PATCH)$/.test(method) ? "hello" : null;
    const headers = { "Content-Type": "text/plain", Authorization: "mine" };
    await gateway.send(signed({ method, body, headers }));
    const [{ upstream, request } = { upstream: undefined, request: undefined }] = gateway.fetched;
    expect(upstream?.url.href).toBe(TARGET);
    expect(request?.method).toBe(method);
    expect(request?.headers.toJSON()).toMatchObject({
      "content-type": "text/plain",
      authorization: KEY[1],
      "user-agent": "signway",
    });
    expect(request?.headers.has("host")).toBe(false);
    expect(await new Response(request?.body ?? null).text()).toBe(body ?? "");
  });

  test("nothing of the signed URL", async () => {
    const gateway = gatewayUnderTest();
    await gateway.send(signed({ headers: { Referer: signed().url } }));
    const { upstream, request } = gateway.fetched[0] ?? {};
    const sent = JSON.stringify([upstream?.url.href, request?.headers.toJSON()]);
    expect(sent).not.toMatch(/X-Sw|edge\.example/i);
  });

  test("a body that is not small goes as a stream with its length", async () => {
    const body = "x".repeat(100_000);
    const gateway = gatewayUnderTest();
    await gateway.send(
      signed({ method: "POST", body, headers: { "content-length": String(body.length) } }),
    );
    const request = gateway.fetched[0]?.request;
    expect(request?.body).toBeInstanceOf(ReadableStream);
    expect(request?.headers.get("content-length")).toBe("100000");
  });
});

describe("what comes from the upstream", () => {
  test.each([200, 201, 206, 301, 302, 303, 307, 308, 400, 401, 403, 404, 418, 429, 500, 503])(
    "status %i is passed on, and nothing is followed or retried",
    async (status) => {
      const headers = { location: "https://elsewhere.example.com/", "retry-after": "1" };
      const gateway = gatewayUnderTest({ answer: () => new Response("body", { status, headers }) });
      const response = await gateway.send(signed());
      expect(response.status).toBe(status);
      expect(response.headers.get("location")).toBe("https://elsewhere.example.com/");
      expect(await response.text()).toBe("body");
      expect(gateway.fetched).toHaveLength(1);
    },
  );

  test.each([204, 304])("status %i has no body", async (status) => {
    const headers = { etag: '"a"' };
    const gateway = gatewayUnderTest({ answer: () => new Response(null, { status, headers }) });
    const response = await gateway.send(signed());
    expect([response.status, response.body]).toEqual([status, null]);
    expect(response.headers.get("etag")).toBe('"a"');
  });

  test("an answer to HEAD keeps its length and has no body", async () => {
    const headers = { "content-length": "12345", "content-type": "text/plain" };
    const gateway = gatewayUnderTest({ answer: () => new Response(null, { headers }) });
    const response = await gateway.send(signed({ method: "HEAD" }));
    expect(response.headers.get("content-length")).toBe("12345");
    expect(response.body).toBeNull();
  });

  test("no content type is invented", async () => {
    for (const headers of [{}, { "content-length": "2" }] as Record<string, string>[]) {
      const answer = () => new Response(new Blob([Buffer.from("{}")]).stream(), { headers });
      const response = await gatewayUnderTest({ answer }).send(signed());
      expect(response.headers.has("content-type")).toBe(false);
      expect(await response.text()).toBe("{}");
    }
  });

  test("a coded body passes as it is", async () => {
    const coded = Uint8Array.of(0x1f, 0x8b, 0, 1, 2, 255);
    const headers = { "content-encoding": "gzip" };
    const answer = () => new Response(coded, { headers });
    const response = await gatewayUnderTest({ answer }).send(signed());
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(new Uint8Array(await response.arrayBuffer())).toEqual(coded);
  });
});

describe("an upstream that does not answer", () => {
  test("gives 504 when the time is over, and is cut off", async () => {
    const gateway = gatewayUnderTest({
      limits: { headTimeout: 0.05 },
      fetchUpstream: (_, { signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(new Error("aborted")));
        }),
    });
    const response = await gateway.send(signed());
    expect(response.status).toBe(504);
    expect((await problemIn(response))["code"]).toBe("upstream_timeout");
    expect(gateway.records).toMatchObject([{ outcome: "upstream_failed" }]);
  });

  test("is not limited once its answer has begun", async () => {
    const answer = () =>
      new Response(
        new ReadableStream({
          async start(controller) {
            controller.enqueue(Buffer.from("begun"));
            await Bun.sleep(150);
            controller.enqueue(Buffer.from(" and ended"));
            controller.close();
          },
        }),
      );
    const response = await gatewayUnderTest({ limits: { headTimeout: 0.05 }, answer }).send(
      signed(),
    );
    expect(await response.text()).toBe("begun and ended");
  });
});

describe("a client that leaves", () => {
  test("before the answer has its upstream cut off", async () => {
    const client = new AbortController();
    const gateway = gatewayUnderTest({ answer: hung });
    void gateway.send(new Request(signed(), { signal: client.signal }));
    while (gateway.fetched.length === 0) await Bun.sleep(1);
    const signal = gateway.fetched[0]?.request.signal;
    expect(signal?.aborted).toBe(false);
    client.abort();
    while (!signal?.aborted) await Bun.sleep(1);
  });

  test("after a while without an answer has its upstream cut off at once", async () => {
    const client = new AbortController();
    const gateway = gatewayUnderTest({ answer: hung });
    void gateway.send(new Request(signed(), { signal: client.signal }));
    await Bun.sleep(100);
    const signal = gateway.fetched[0]?.request.signal;
    client.abort();
    expect(signal?.aborted).toBe(true);
  });

  test("in the middle of the answer has its upstream cut off", async () => {
    const endless = new ReadableStream({
      pull: (controller) => controller.enqueue(Buffer.from("more")),
    });
    const gateway = gatewayUnderTest({ answer: () => new Response(endless) });
    const reader = (await gateway.send(signed())).body?.getReader();
    await reader?.read();
    await reader?.cancel();
    expect(gateway.fetched[0]?.request.signal.aborted).toBe(true);
    expect(gateway.records).toMatchObject([{ outcome: "client_gone" }]);
  });
});

test("an OPTIONS that is neither a signed URL nor under a route is answered here", async () => {
  const gateway = gatewayUnderTest();
  const response = await gateway.send(new Request(GATEWAY, { method: "OPTIONS" }));
  expect(response.status).toBe(204);
  expect(gateway.fetched).toHaveLength(0);
});
