import { describe, expect, test } from "bun:test";
import { CREDENTIAL, type Gateway, startGateway } from "../../support/gateway.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { folderWith } from "../../support/folder.ts";

const CANARY = "canary-7f3a9c of more than 16 bytes";

const startLine = (gateway: Gateway) => gateway.lines().find(({ msg }) => msg === "listening");

const warnings = (gateway: Gateway): unknown[] =>
  gateway
    .lines()
    .filter(({ level }) => level === "warn")
    .map(({ code }) => code);

describe("the start line names where it listens, and who may call what:", () => {
  test("of a command line", async () => {
    await using gateway = await startGateway({
      args: ["--upstream", "https://a.example/v1/", "--upstream", "http://b.example"],
    });
    expect(startLine(gateway)).toEqual({
      level: "info",
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      url: `http://127.0.0.1:${gateway.port}`,
      port: gateway.port,
      app: CREDENTIAL.id,
      upstreams: ["https://a.example/v1/", "http://b.example/"],
      msg: "listening",
    });
    expect(gateway.port).toBeGreaterThan(0);
    expect(gateway.stdout()).not.toContain(CREDENTIAL.secret);
  });

  test.each([
    [[], "any public"],
    [["--allow-private-upstreams"], "any"],
  ])("of %j, which names no upstream", async (args, upstreams) => {
    await using gateway = await startGateway({ args });
    expect(startLine(gateway)).toMatchObject({ upstreams: [upstreams] });
  });

  test("of a file with apps and routes", async () => {
    const upstream = [{ url: "https://a.example/", headers: { "X-Key": CANARY } }];
    const shape = {
      app: [
        { id: "web", secrets: [CANARY], upstream },
        { id: "batch", secrets: ["${CANARY}"], upstream: [{}] },
      ],
      route: [{ path: "/open/", upstream: "http://127.0.0.1:8000", signature: "none" }],
    };
    await using folder = await folderWith({ "a.json": JSON.stringify(shape) });
    await using gateway = await startGateway({
      args: ["serve", "--config", folder.path("a.json")],
      env: { CANARY },
    });
    expect(startLine(gateway)).toMatchObject({
      app: "web, batch",
      upstreams: ["https://a.example/", "any public"],
      routes: ["/open/"],
    });
    expect(gateway.stdout() + gateway.stderr()).not.toContain("canary");
    expect(warnings(gateway)).toEqual([]);
  });
});

describe("warnings come before the start line, without a secret:", () => {
  test("of a file", async () => {
    const short = CANARY.slice(0, 13);
    const shape = {
      explain: true,
      app: [{ id: "web", secrets: [short], upstream: [{ headers: { "X-Key": short } }] }],
    };
    await using folder = await folderWith({ "a.json": JSON.stringify(shape) });
    await using gateway = await startGateway({ args: ["--config", folder.path("a.json")] });
    expect(warnings(gateway)).toEqual([
      "secret_short",
      "secret_too_short_for_tokens",
      "headers_for_any_upstream",
      "explain_on",
    ]);
    expect(gateway.lines().at(-1)).toMatchObject({ msg: "listening" });
    expect(gateway.stdout() + gateway.stderr()).not.toContain("canary");
  });

  test("of a command line", async () => {
    await using gateway = await startGateway({ args: ["--explain"] });
    expect(warnings(gateway)).toEqual(["explain_on"]);
  });
});

test("-h with a value is a header that reaches the upstream", async () => {
  await using upstream = await startUpstream([respond("answer")]);
  await using gateway = await startGateway({
    args: ["--upstream", upstream.url, "-h", `X-Key: ${CANARY}`, "-h", "x-other:a:b"],
  });
  const { status } = await signedExchange(gateway, `${upstream.url}/`);
  expect(status).toBe(200);
  expect(upstream.requests[0]?.all("x-key")).toEqual([CANARY]);
  expect(upstream.requests[0]?.all("x-other")).toEqual(["a:b"]);
  expect(gateway.stdout()).not.toContain("canary");
});
