import { describe, expect, test } from "bun:test";
import { createSignedFetch } from "../../../lib/signing/signed_fetch.ts";
import { expired, ok, problem, scripted, type Sent, UPSTREAM } from "./scripted_fetch.ts";

describe("createSignedFetch sends the request to the signed URL", () => {
  const text = "Grüße 🔑";
  const form = new FormData();
  form.set("a", text);
  const stream = () => new Blob([text]).stream();
  const headers = { "Content-Type": "text/plain", "X-A": "1" };
  const cases: [string, string | URL | Request, RequestInit | undefined, Partial<Sent>][] = [
    ["a URL alone", UPSTREAM, undefined, { method: "GET", body: "" }],
    ["a URL object", new URL(UPSTREAM), undefined, { method: "GET", body: "" }],
    ["a text", UPSTREAM, { method: "POST", headers, body: text }, { method: "POST", body: text }],
    ["an empty body", UPSTREAM, { method: "POST", body: "" }, { method: "POST", body: "" }],
    ["bytes", UPSTREAM, { method: "PUT", body: Buffer.from(text) }, { method: "PUT", body: text }],
    ["a stream", UPSTREAM, { method: "POST", body: stream() }, { method: "POST", body: text }],
    [
      "a Request",
      new Request(UPSTREAM, { method: "POST", headers, body: text }),
      undefined,
      { method: "POST", body: text },
    ],
    [
      "a Request and an init that overrules it",
      new Request(UPSTREAM, { method: "POST", body: "other" }),
      { method: "PATCH", body: text },
      { method: "PATCH", body: text },
    ],
  ];
  test.each(cases)("%s", async (_, input, init, expected) => {
    const { sent, send } = scripted([ok]);
    const asked: Sent[] = [];
    const signedFetch = createSignedFetch(
      async (request) => {
        const { url, method, headers } = request;
        asked.push({ url, method, headers, body: await request.text() });
        return "https://gateway.example/?signed";
      },
      { fetch: send },
    );
    expect(await (await signedFetch(input, init)).text()).toBe("answer");
    expect(asked).toMatchObject([{ url: UPSTREAM, ...expected }]);
    expect(sent).toMatchObject([{ url: "https://gateway.example/?signed", ...expected }]);
    const names = ["content-type", "x-a"] as const;
    for (const name of names) expect(sent[0]!.headers.get(name)).toBe(asked[0]!.headers.get(name));
  });

  test("a form, with the boundary that its content type names", async () => {
    const { sent, send } = scripted([ok]);
    const signedFetch = createSignedFetch(() => "https://gateway.example/", { fetch: send });
    await signedFetch(UPSTREAM, { method: "POST", body: form });
    const { headers, body } = sent[0]!;
    const read = await new Response(body, { headers }).formData();
    expect(read.get("a")).toBe(text);
  });

  test("what else init says is passed on", async () => {
    const seen: RequestInit[] = [];
    const signedFetch = createSignedFetch(() => "https://gateway.example/", {
      fetch: async (_, init) => (seen.push(init), ok()),
    });
    await signedFetch(UPSTREAM, { keepalive: true, credentials: "omit" });
    expect(seen).toMatchObject([{ keepalive: true, credentials: "omit" }]);
  });
});

describe("createSignedFetch asks for a fresh URL", () => {
  const scripts: [string, (() => Response)[], number, number][] = [
    ["never, when the answer is good", [ok], 1, 200],
    ["once, when the URL had expired", [expired, ok], 2, 200],
    ["once only, when the second had expired too", [expired, expired, ok], 2, 400],
    ["not for another problem", [() => problem("signature_mismatch"), ok], 1, 400],
    ["not for a problem of the API's own", [() => problem("expired", {}), ok], 1, 400],
    [
      "not for a problem of the API's own with a header that says so otherwise",
      [() => problem("expired", { "X-Problem": "expired", "X-Sw-Problem-Code": "expired" }), ok],
      1,
      400,
    ],
    ["not for a part of the code", [() => problem("keys_expired"), ok], 1, 400],
    [
      "whatever the document says",
      [() => new Response(null, { status: 400, headers: { "X-Sw-Problem": "expired" } }), ok],
      2,
      200,
    ],
  ];
  test.each(scripts)("%s", async (_, answers, times, status) => {
    const { sent, send } = scripted(answers);
    let count = 0;
    const signedFetch = createSignedFetch(() => `https://gateway.example/?${++count}`, {
      fetch: send,
    });
    const response = await signedFetch(UPSTREAM, { method: "POST", body: "once more" });
    expect(response.status).toBe(status);
    // The caller can read what it got, a problem included.
    expect(await response.text()).not.toBe("");
    expect(sent.map(({ url, body }) => [url, body])).toEqual(
      Array.from({ length: times }, (_, i) => [`https://gateway.example/?${i + 1}`, "once more"]),
    );
  });
});

describe("createSignedFetch ends with the signal's reason", () => {
  const reason = new Error("left");
  const never = () => new Promise<never>(() => {});

  test("before anything is asked", async () => {
    let asked = 0;
    const signedFetch = createSignedFetch(() => (asked++, UPSTREAM), { fetch: never });
    const request = signedFetch(UPSTREAM, { signal: AbortSignal.abort(reason) });
    await expect(request).rejects.toBe(reason);
    expect(asked).toBe(0);
  });

  test("while the backend has not answered, and the backend's request learns of it", async () => {
    const caller = new AbortController();
    const asked = Promise.withResolvers<Request>();
    const signedFetch = createSignedFetch((request) => (asked.resolve(request), never()));
    const response = signedFetch(UPSTREAM, { signal: caller.signal });
    const { signal } = await asked.promise;
    caller.abort(reason);
    await expect(response).rejects.toBe(reason);
    expect(signal.aborted).toBe(true);
  });

  test("while the backend's answer stalls", async () => {
    const caller = new AbortController();
    const read = Promise.withResolvers<void>();
    const stalled = new ReadableStream(
      { pull: () => (read.resolve(), never()) },
      { highWaterMark: 0 },
    );
    const { sent, send } = scripted([ok]);
    const signedFetch = createSignedFetch(() => new Response(stalled), { fetch: send });
    const response = signedFetch(UPSTREAM, { signal: caller.signal });
    await read.promise;
    caller.abort(reason);
    await expect(response).rejects.toBe(reason);
    expect(sent).toEqual([]);
  });

  test("but not that of a Request, where init has null", async () => {
    const { send } = scripted([ok]);
    const signals: unknown[] = [];
    const signedFetch = createSignedFetch(() => UPSTREAM, {
      fetch: (url, init) => (signals.push(init.signal), send(url, init)),
    });
    const request = () => new Request(UPSTREAM, { signal: AbortSignal.abort(reason) });
    expect((await signedFetch(request(), { signal: null })).status).toBe(200);
    expect(signals).toEqual([null]);
    await expect(signedFetch(request(), {})).rejects.toBe(reason);
    // The type leaves it out, and programs in JavaScript do not.
    await expect(signedFetch(request(), { signal: undefined as never })).rejects.toBe(reason);
  });

  test("of a Request, while the answer streams", async () => {
    using server = Bun.serve({
      port: 0,
      fetch: () =>
        new Response(
          new ReadableStream({ start: (stream) => stream.enqueue(new TextEncoder().encode("a")) }),
        ),
    });
    const caller = new AbortController();
    const signedFetch = createSignedFetch(() => server.url);
    const response = await signedFetch(new Request(UPSTREAM, { signal: caller.signal }));
    const reader = response.body!.getReader();
    expect(new TextDecoder().decode((await reader.read()).value)).toBe("a");
    caller.abort(reason);
    await expect(reader.read()).rejects.toBe(reason);
  });

  test("not sending again what was left while it was expired", async () => {
    const caller = new AbortController();
    const { sent, send } = scripted([() => (caller.abort(reason), expired()), ok]);
    const signedFetch = createSignedFetch(() => UPSTREAM, { fetch: send });
    await expect(signedFetch(UPSTREAM, { signal: caller.signal })).rejects.toBe(reason);
    expect(sent).toHaveLength(1);
  });
});
