import { afterAll, describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { exchange, parseResponse } from "../../support/raw_client.ts";
import { respond, startUpstream } from "../../support/raw_upstream.ts";
import { requestBytes, signedTarget } from "../../support/signed.ts";
import { ROOT } from "../../support/root.ts";

const BINARY = `${ROOT}/.cache/wire/signway`;

const build = Bun.spawn(
  [process.execPath, "build", "--compile", "server.ts", "--outfile", BINARY],
  {
    cwd: ROOT,
    stdout: "ignore",
    stderr: "inherit",
  },
);
if ((await build.exited) !== 0) throw new Error("server.ts does not compile");

const upstream = await startUpstream([respond("", { status: "099 Odd" })]);

afterAll(() => upstream.stop());

const ODD_REQUESTS: [name: string, bytes: (path: string) => string | Uint8Array][] = [
  ["two Hosts", (path) => `GET ${path} HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n`],
  ["an empty Host", (path) => `GET ${path} HTTP/1.1\r\nHost:\r\n\r\n`],
  ["a Host with a path", (path) => `GET ${path} HTTP/1.1\r\nHost: a/b\r\n\r\n`],
  ["a Host with an impossible port", (path) => `GET ${path} HTTP/1.1\r\nHost: a:99999\r\n\r\n`],
  ["an asterisk", () => "OPTIONS * HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a raw byte in the path", () => "GET /\xff?X-Sw-Algorithm=\xff HTTP/1.1\r\nHost: a\r\n\r\n"],
  ["a bad escape", () => requestBytes("GET", "/%zz?X-Sw-Algorithm=%zz&X-Sw-Proxy=%ff")],
  ["an absolute target", (path) => `GET http://[::${path} HTTP/1.1\r\nHost: a\r\n\r\n`],
  ["a status that is none", (path) => requestBytes("GET", path)],
];

const COMMANDS = [
  ["the source", [process.execPath, `${ROOT}/server.ts`]],
  ["the compiled binary", [BINARY]],
] as const;
const ENVIRONMENTS = [{}, { NODE_ENV: "production" }, { NODE_ENV: "development" }];

describe("an internal error shows no source and no path", () => {
  const runs = COMMANDS.flatMap(([name, command]) =>
    ENVIRONMENTS.map((env) => [`${name} ${JSON.stringify(env)}`, command, env] as const),
  );
  test.each(runs)("%s", async (_, command, env) => {
    await using gateway = await startGateway({
      args: ["--upstream", upstream.url],
      env: env as Record<string, string>,
      command: [...command],
    });
    for (const [name, bytes] of ODD_REQUESTS) {
      const path = signedTarget(gateway.url, `${upstream.url}/`);
      const received = await exchange(gateway.port, bytes(path));
      const response = parseResponse(received);
      const body = response?.body.toString() ?? "";
      expect([name, (response?.status ?? 400) >= 400]).toEqual([name, true]);
      expect([name, body]).not.toEqual([
        name,
        expect.stringMatching(/\.ts\b|\.js\b|at \w+ \(|<html/),
      ]);
      expect([name, received.toString("latin1")]).not.toEqual([
        name,
        expect.stringContaining(ROOT),
      ]);
      expect(body.length).toBeLessThan(800);
    }
    // It goes on working.
    const path = signedTarget(gateway.url, "http://127.0.0.1:1/");
    const next = parseResponse(await exchange(gateway.port, requestBytes("GET", path)));
    expect(next?.status).toBe(403);
  });
});
