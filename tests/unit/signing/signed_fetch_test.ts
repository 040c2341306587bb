import { describe, expect, test } from "bun:test";
import { createSignedFetch } from "../../../lib/signing/signed_fetch.ts";

const UPSTREAM = "https://api.example.com/v1/chat?a=b%20c";

interface Sent {
  url: string;
  method: string;
  headers: Headers;
  body: string;
}

/** A fetch that answers in turn, and what was sent with it. */
function scripted(answers: (() => Response)[]) {
  const sent: Sent[] = [];
  const send = async (url: string | URL, init: RequestInit): Promise<Response> => {
    const { method, headers } = new Request(url, init);
    const body = await new Request(url, init).text();
    sent.push({ url: String(url), method, headers, body });
    return answers[sent.length - 1]!();
  };
  return { sent, send };
}

const ok = () => new Response("answer");
const problem = (code: string, headers: Record<string, string> = { "X-Sw-Problem": code }) =>
  new Response(JSON.stringify({ code, status: 400 }), {
    status: 400,
    headers: { "Content-Type": "application/problem+json", ...headers },
  });
const expired = () => problem("expired");

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

describe("createSignedFetch takes the backend's response:", () => {
  const signed = "https://gateway.example/?signed";

  test("its text is the URL", async () => {
    const { sent, send } = scripted([ok]);
    const signedFetch = createSignedFetch(() => new Response(signed), { fetch: send });
    expect(await (await signedFetch(UPSTREAM)).text()).toBe("answer");
    expect(sent.map(({ url }) => url)).toEqual([signed]);
  });

  test.each([
    [401, "sign in first", "text/plain"],
    [403, '{"error":{"message":"not here"}}', "application/json"],
    [429, "later", "text/html"],
    [500, "", "text/plain"],
    [503, "down", "text/plain"],
  ])("%i is the caller's, and says that it is final", async (status, body, type) => {
    const { sent, send } = scripted([ok]);
    const headers = { "Content-Type": type, "X-Backend": "1" };
    let asked = 0;
    const refuse = async () => (asked++, new Response(body, { status, headers }));
    const response = await createSignedFetch(refuse, { fetch: send })(UPSTREAM);
    expect([response.status, await response.text()]).toEqual([status, body]);
    expect(Object.fromEntries(response.headers)).toEqual({
      "content-type": type,
      "x-backend": "1",
      "x-should-retry": "false",
    });
    expect([asked, sent]).toEqual([1, []]);
  });

  test("a second one that refuses is the caller's too", async () => {
    const { sent, send } = scripted([expired]);
    const answers = [new Response(signed), new Response("not again", { status: 403 })];
    const response = await createSignedFetch(() => answers.shift()!, { fetch: send })(UPSTREAM);
    expect([response.status, await response.text()]).toEqual([403, "not again"]);
    expect(sent).toHaveLength(1);
  });

  test("a page in place of a URL is an error", async () => {
    const page = () => new Response("<!doctype html><title>Sign in</title>");
    await expect(createSignedFetch(page)(UPSTREAM)).rejects.toThrow(TypeError);
  });

  test("one without a status is given back as it is", async () => {
    const response = Response.error();
    expect(await createSignedFetch(() => response)(UPSTREAM)).toBe(response);
  });
});

test("createSignedFetch throws what the backend's answer throws", async () => {
  const failure = new Error("not allowed");
  const refusing = [
    () => Promise.reject(failure),
    () => {
      throw failure;
    },
  ];
  for (const getSignedUrl of refusing) {
    await expect(createSignedFetch(getSignedUrl)(UPSTREAM)).rejects.toBe(failure);
  }
});

describe("createSignedFetch sends nothing when the backend's answer is no absolute http(s) URL:", () => {
  const signed = "https://gateway.example/?X-Sw-Signature=canary";
  const wrong: [string, unknown][] = [
    ["nothing", undefined],
    ["null", null],
    ["an empty text", ""],
    ["JSON", JSON.stringify({ url: signed })],
    ["an object", { url: signed }],
    ["a quoted URL", JSON.stringify(signed)],
    ["a path", "/?X-Sw-Signature=canary"],
    ["a URL without a scheme", signed.slice("https:".length)],
    ["a scheme without its slashes", signed.replace("//", "")],
    ["a URL of another scheme", signed.replace("https", "ftp")],
    ["a URL object of another scheme", new URL("data:text/plain,canary")],
    ["a URL without a host", "https://?X-Sw-Signature=canary"],
    ["a page", "<!doctype html><title>Sign in</title>"],
  ];
  test.each(wrong)("%s", async (_, answer) => {
    const { sent, send } = scripted([ok]);
    const signedFetch = createSignedFetch(() => answer as string, { fetch: send });
    const error = await signedFetch(UPSTREAM, { method: "POST", body: "x" }).catch((it) => it);
    expect(error).toBeInstanceOf(TypeError);
    expect(error.message).toBe("getSignedUrl must give an absolute http(s) URL");
    expect(sent).toEqual([]);
  });

  test("nor the second time", async () => {
    const { sent, send } = scripted([expired, ok]);
    const answers = [signed, "/"];
    const signedFetch = createSignedFetch(() => answers.shift()!, { fetch: send });
    await expect(signedFetch(UPSTREAM)).rejects.toThrow(TypeError);
    expect(sent).toHaveLength(1);
  });
});
