import { describe, expect, test } from "bun:test";
import type { Settings } from "../../../lib/config/settings.ts";
import { settingsOf } from "./command_line.ts";

const ID = ["web", "a secret"];

/** The rules of the only app, their URLs as text. */
function rulesOf({ apps }: Settings) {
  return apps.flatMap(({ upstreams }) =>
    upstreams.map(({ url, headers, allowPrivate }) => ({
      url: url?.href,
      headers,
      allowPrivate: allowPrivate ?? false,
    })),
  );
}

describe("the short command line", () => {
  test("has the documented defaults", () => {
    const settings = settingsOf(ID);
    expect(settings).toMatchObject({
      host: "",
      port: 3000,
      routes: [],
      cors: {},
      publicPath: "/",
      maxExpires: 604_800,
      clockSkew: 300,
      maxSignedBody: 10 * 1024 * 1024,
      sseHeartbeat: 15,
      headTimeout: 600,
      drain: 30,
      bytesMonitor: true,
      logLevel: "info",
      explain: false,
    });
    expect(settings.apps).toMatchObject([{ id: "web", secrets: ["a secret"] }]);
    expect(rulesOf(settings)).toEqual([{ url: undefined, headers: [], allowPrivate: false }]);
  });

  test.each<[string[], Partial<Settings>]>([
    [["--host", "127.0.0.1"], { host: "127.0.0.1" }],
    [["--host", "::1"], { host: "::1" }],
    [["--host", "localhost"], { host: "localhost" }],
    [["--port", "0"], { port: 0 }],
    [["--port", "65535"], { port: 65_535 }],
    [["--public-path", "/signway"], { publicPath: "/signway" }],
    [["--max-expires", "60"], { maxExpires: 60 }],
    [["--clock-skew", "0"], { clockSkew: 0 }],
    [["--max-signed-body", "0"], { maxSignedBody: 0 }],
    [["--sse-heartbeat", "0"], { sseHeartbeat: 0 }],
    [["--head-timeout", "0"], { headTimeout: 0 }],
    [["--drain", "5"], { drain: 5 }],
    [["--no-bytes-monitor"], { bytesMonitor: false }],
    [["--log-level", "silent"], { logLevel: "silent" }],
    [["--explain"], { explain: true }],
    [
      ["--access-control-allow-origin", "https://a.example"],
      { cors: { origins: ["https://a.example"] } },
    ],
    [
      ["--access-control-allow-origin", "https://a.example, http://localhost:5173,null"],
      { cors: { origins: ["https://a.example", "http://localhost:5173", "null"] } },
    ],
    [["--access-control-allow-origin", "*"], { cors: {} }],
    [["--access-control-allow-methods", "GET,POST"], { cors: { methods: ["GET", "POST"] } }],
    [["--access-control-allow-headers", "X-A, X-B"], { cors: { headers: ["X-A", "X-B"] } }],
  ])("%j", (args, expected) => {
    const { cors, ...others } = expected;
    const settings = settingsOf([...ID, ...args]);
    expect(settings).toMatchObject(others);
    if (cors) expect(settings.cors).toEqual(cors);
  });
});

describe("headers and upstreams", () => {
  const headers = [
    ["Authorization", "Bearer a"],
    ["X-Api-Key", "b"],
  ] as const;
  const given = ["--header", "Authorization: Bearer a", "-h", "X-Api-Key: b"];

  test("without an upstream, any public target gets the headers", () => {
    expect(rulesOf(settingsOf([...ID, ...given]))).toEqual([
      { url: undefined, headers, allowPrivate: false },
    ]);
  });

  test("with --allow-private-upstreams, any target does", () => {
    expect(rulesOf(settingsOf([...ID, ...given, "--allow-private-upstreams"]))).toEqual([
      { url: undefined, headers, allowPrivate: true },
    ]);
  });

  test("with upstreams, these do and no other", () => {
    const upstreams = ["--upstream", "https://a.example/v1/", "--upstream", "http://b.example"];
    for (const more of [[], ["--allow-private-upstreams"]]) {
      expect(rulesOf(settingsOf([...ID, ...given, ...upstreams, ...more]))).toEqual([
        { url: "https://a.example/v1/", headers, allowPrivate: false },
        { url: "http://b.example/", headers, allowPrivate: false },
      ]);
    }
  });
});

describe("the environment", () => {
  const env = { SW_ID: "env-id", SW_SECRET: "env secret", PORT: "4000" };
  test.each<[string, string[], Record<string, string>, string, string, number]>([
    ["stands in for all of it", [], env, "env-id", "env secret", 4000],
    ["stands in for the secret", ["web"], env, "web", "env secret", 4000],
    ["gives way to arguments", [...ID, "--port", "1"], env, "web", "a secret", 1],
    ["of an empty PORT is none", ID, { PORT: "" }, "web", "a secret", 3000],
  ])("%s", (_, args, env, id, secret, port) => {
    const settings = settingsOf(args, { env });
    expect(settings.apps).toMatchObject([{ id, secrets: [secret] }]);
    expect(settings.port).toBe(port);
  });
});
