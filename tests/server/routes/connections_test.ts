import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL } from "../../support/gateway.ts";
import { connect, type RawClient } from "../../support/raw_client.ts";
import { chunk, FIN, respond, RST, type Step, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes } from "../../support/signed.ts";
import { plainExchange, problemOf, signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { startConfigured } from "../../support/configured_gateway.ts";
import { signatureLine, SIGNED } from "../../support/header_signature.ts";

const HEAD = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n";
const STREAM = [`${HEAD}Transfer-Encoding: chunked\r\n\r\n`, chunk("first")];
const LENGTH = [`${HEAD}Content-Length: 100000\r\n\r\n`, "x".repeat(70_000)];

let gate = Promise.withResolvers<void>();
const opened = () => gate.promise;

/** What the upstream does, by the last segment of the path; the gate lets it go on. */
const SCRIPTS: Readonly<Record<string, Step[]>> = {
  answer: [opened, respond("ok")],
  stream: [...STREAM, opened, chunk("last"), chunk("")],
  hang: [],
  reset: [opened, RST],
  close: [opened, FIN],
  nonsense: [opened, "this is no HTTP\r\n\r\n", FIN],
  "reset-stream": [...STREAM, opened, RST],
  "close-stream": [...STREAM, opened, FIN],
  "reset-length": [...LENGTH, opened, RST],
  "close-length": [...LENGTH, opened, FIN],
  redirect: [opened, respond("", { status: "302 Found", headers: ["Location: /x"] })],
  failure: [opened, respond("no", { status: "500 Internal Server Error" })],
};
const upstream = await startUpstream(({ startLine }) => {
  const script = SCRIPTS[/([\w-]+) HTTP/.exec(startLine)?.[1] ?? ""];
  return script ?? [respond("ok")];
});
const closed = await startUpstream([]);
await closed.stop();

const none = { upstream: upstream.url, signature: "none" as const };
const CONFIG = {
  app: [
    {
      id: CREDENTIAL.id,
      secrets: [CREDENTIAL.secret],
      max_connections: 2,
      upstream: [{ url: `${upstream.url}/narrow/`, max_connections: 1 }, { url: upstream.url }],
    },
  ],
  route: [
    { path: "/one/", ...none, max_connections: 1, head_timeout: 1, max_body: 1000 },
    { path: "/one/within/", ...none, max_connections: 1 },
    { path: "/two/", ...none, max_connections: 2 },
    { path: "/any/", ...none },
    { path: "/closed/", ...none, upstream: closed.url, max_connections: 1 },
    { path: "/signed/", upstream: upstream.url, signature: SIGNED, max_connections: 1 },
  ],
};
const gateway = await startConfigured(CONFIG);

afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

/** Starts an exchange that is held at the gate, and waits until the upstream has it. */
async function begin(path: string): Promise<RawClient> {
  gate = Promise.withResolvers<void>();
  const before = upstream.requests.length;
  const client = await connect(gateway.port);
  await client.write(requestBytes("GET", path));
  await waitFor("the upstream's turn", () => upstream.requests.length > before);
  return client;
}

const statusOf = async (path: string) => (await plainExchange(gateway, "GET", path)).status;

async function untilStatus(path: string, status: number): Promise<void> {
  const deadline = performance.now() + 10_000;
  while ((await statusOf(path)) !== status) {
    if (performance.now() > deadline) throw new Error(`${path} never answered ${status}`);
    await Bun.sleep(5);
  }
}

/** Waits until a place is free, then sees that it is one and no more. */
async function expectOnePlace(): Promise<void> {
  await untilStatus("/one/ok", 200);
  using first = await begin("/one/answer");
  expect(await statusOf("/one/ok")).toBe(503);
  gate.resolve();
  expect((await first.response()).status).toBe(200);
}

const open = () => gate.resolve();

const ENDINGS: [how: string, script: string, end: (client: RawClient) => void][] = [
  ["an answer with a length", "answer", open],
  ["a stream that comes to its end", "stream", open],
  ["a redirect", "redirect", open],
  ["a failure of the upstream's own", "failure", open],
  ["a client that resets before the head", "hang", (client) => client.reset()],
  ["a client that closes before the head", "hang", (client) => client.socket.destroy()],
  ["a client that half-closes before the head", "hang", (client) => client.end()],
  ["a client that resets within a stream", "stream", (client) => client.reset()],
  ["a client that closes within a stream", "stream", (client) => client.socket.destroy()],
  ["a client that resets within a length", "reset-length", (client) => client.reset()],
  ["an upstream that resets before its head", "reset", open],
  ["an upstream that closes before its head", "close", open],
  ["an upstream that speaks no HTTP", "nonsense", open],
  ["an upstream that resets within a stream", "reset-stream", open],
  ["an upstream that closes within a stream", "close-stream", open],
  ["an upstream that resets within a length", "reset-length", open],
  ["an upstream that closes within a length", "close-length", open],
  ["an upstream that never answers", "hang", () => {}],
];

describe("a place is free again after", () => {
  test.each(ENDINGS)("%s", async (_, script, end) => {
    using client = await begin(`/one/${script}`);
    expect(await statusOf("/one/ok")).toBe(503);
    end(client);
    await expectOnePlace();
  });

  test.each([
    ["resets", (client: RawClient) => client.reset()],
    ["closes", (client: RawClient) => client.socket.destroy()],
  ])("a client that %s within its upload", async (_, end) => {
    using client = await connect(gateway.port);
    await client.write(requestBytes("POST", "/one/ok", { headers: ["Content-Length: 900"] }));
    await untilStatus("/one/ok", 503);
    end(client);
    await expectOnePlace();
  });

  test.each([
    ["of known length", "x".repeat(1001), []],
    ["in chunks", chunk("x".repeat(1001)) + chunk(""), ["Transfer-Encoding: chunked"]],
  ])("an upload %s that is too large", async (_, body, headers) => {
    const response = await plainExchange(gateway, "POST", "/one/ok", { headers, body });
    expect(response.status).toBe(413);
    await expectOnePlace();
  });

  test("an upstream that cannot be reached", async () => {
    for (let i = 0; i < 3; i++) expect(await statusOf("/closed/x")).toBe(502);
  });
});

describe("max_connections", () => {
  test("the answer beyond it says when to try again, and reaches no upstream", async () => {
    using first = await begin("/one/answer");
    const before = upstream.requests.length;
    const response = await plainExchange(gateway, "GET", "/one/ok");
    expect(problemOf(response)).toMatchObject({ status: 503, code: "too_many_connections" });
    expect(Number(response.all("retry-after")[0])).toBeGreaterThanOrEqual(1);
    expect(upstream.requests).toHaveLength(before);
    open();
    expect((await first.response()).status).toBe(200);
    await expectOnePlace();
  });

  test("counts each route for itself", async () => {
    using first = await begin("/one/answer");
    for (const path of ["/one/within/ok", "/two/ok", "/any/ok"]) {
      expect([path, await statusOf(path)]).toEqual([path, 200]);
    }
    expect(await statusOf("/one/ok")).toBe(503);
    open();
    await first.response();
  });

  test("lets as many as it says, and frees them one by one", async () => {
    using first = await begin("/two/hang");
    using second = await begin("/two/hang");
    expect(await statusOf("/two/ok")).toBe(503);
    first.reset();
    await untilStatus("/two/ok", 200);
    using third = await begin("/two/hang");
    expect(await statusOf("/two/ok")).toBe(503);
    for (const client of [second, third]) client.reset();
    await untilStatus("/two/ok", 200);
  });

  test("is no matter for whoever is refused before", async () => {
    const signed = { headers: [signatureLine("/signed/answer")] };
    gate = Promise.withResolvers<void>();
    const before = upstream.requests.length;
    const first = plainExchange(gateway, "GET", "/signed/answer", signed);
    await waitFor("the upstream's turn", () => upstream.requests.length > before);
    const status = async (headers: string[]) =>
      (await plainExchange(gateway, "GET", "/signed/ok", { headers })).status;
    for (let i = 0; i < 3; i++) {
      expect(await status([])).toBe(401);
      expect(await status([signatureLine("/signed/ok")])).toBe(503);
    }
    const preflight = ["Origin: https://app.example", "Access-Control-Request-Method: GET"];
    const asked = await plainExchange(gateway, "OPTIONS", "/signed/ok", { headers: preflight });
    expect(asked.status).toBe(204);
    open();
    expect((await first).status).toBe(200);
  });

  test("keeps its count when the settings are loaded again", async () => {
    using first = await begin("/one/answer");
    await gateway.reconfigure(CONFIG);
    expect(await statusOf("/one/ok")).toBe(503);
    const [route, ...others] = CONFIG.route;
    await gateway.reconfigure({ ...CONFIG, route: [{ ...route!, max_connections: 2 }, ...others] });
    expect(await statusOf("/one/ok")).toBe(200);
    await gateway.reconfigure(CONFIG);
    expect(await statusOf("/one/ok")).toBe(503);
    open();
    expect((await first.response()).status).toBe(200);
    await expectOnePlace();
  });
});

describe("max_connections of an app", () => {
  const get = (path: string) => signedExchange(gateway, upstream.url + path);
  const held = (path: string) =>
    waitFor(`${path} to be held`, () => upstream.requests.at(-1)?.startLine.includes(path));

  test("holds for all its upstreams together, and for each that has its own", async () => {
    gate = Promise.withResolvers<void>();
    const first = get("/narrow/answer");
    await held("/narrow/answer");
    const narrow = await get("/narrow/ok");
    expect(problemOf(narrow)).toMatchObject({ status: 503, code: "too_many_connections" });
    // What was refused there has given its place in the app back.
    for (let i = 0; i < 3; i++) expect((await get("/wide/ok")).status).toBe(200);
    const second = get("/wide/answer");
    await held("/wide/answer");
    expect(problemOf(await get("/wide/ok"))["code"]).toBe("too_many_connections");
    expect(await statusOf("/any/ok")).toBe(200);
    open();
    for (const response of [await first, await second]) expect(response.status).toBe(200);
    expect((await get("/narrow/ok")).status).toBe(200);
  });
});
