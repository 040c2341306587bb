import { describe, expect, test } from "bun:test";
import { startGateway } from "../../support/gateway.ts";
import { freePort } from "../../support/free_port.ts";
import { startTlsGateway } from "../../support/tls_gateway.ts";
import { startUpstream } from "../../support/raw_upstream.ts";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";

const ask = (args: string[], port?: number | string) =>
  runSignway(["health", ...args], port === undefined ? {} : { env: { PORT: String(port) } });

describe("signway health says that a gateway is well", () => {
  test("on this machine's PORT", async () => {
    await using gateway = await startGateway();
    const stdout = `http://127.0.0.1:${gateway.port}/ responds with 204\n`;
    expect(await ask([], gateway.port)).toEqual({ code: 0, stdout, stderr: "" });
    const record = await gateway.waitForRecord(({ outcome }) => outcome === "preflight");
    expect(record).toMatchObject({ status: 204 });
  });

  test("with several workers, and for a page of any origin or none", async () => {
    const args = ["--workers", "2", "--access-control-allow-origin", "https://app.example"];
    await using gateway = await startGateway({ args });
    expect((await ask([], gateway.port)).code).toBe(0);
  });

  test("over https, whatever its certificate is for", async () => {
    await using tls = await startTlsGateway();
    const stdout = `https://127.0.0.1:${tls.gateway.port}/ responds with 204\n`;
    expect(await ask([], tls.gateway.port)).toEqual({ code: 0, stdout, stderr: "" });
  });

  test("at a URL, without sending anything to a route's upstream", async () => {
    await using upstream = await startUpstream([]);
    const route = `[[route]]\npath = "/"\nupstream = "${upstream.url}"\nsignature = "none"\n`;
    await using folder = await folderWith({ "signway.toml": route });
    await using gateway = await startGateway({
      args: ["--config", folder.path("signway.toml")],
      env: { SW_ID: "", SW_SECRET: "" },
    });
    expect((await ask([`http://127.0.0.1:${gateway.port}`])).code).toBe(0);
    expect(upstream.requests).toHaveLength(0);
  });

  test("at the admin listener's /readyz", async () => {
    await using gateway = await startGateway({ args: ["--admin", "127.0.0.1:0"] });
    const port = gateway.lines().find(({ msg }) => msg === "listening")?.["admin_port"];
    const { code, stdout } = await ask([`http://127.0.0.1:${port}/readyz`]);
    expect([code, stdout]).toEqual([0, `http://127.0.0.1:${port}/readyz responds with 200\n`]);
  });
});

describe("signway health says that it is not well", () => {
  test("when nobody listens", async () => {
    const port = await freePort();
    const { code, stdout, stderr } = await ask([], port);
    expect([code, stdout]).toEqual([1, ""]);
    expect(stderr).toMatch(
      /^signway: http:\/\/127\.0\.0\.1:\d+\/ does not respond \(\w+\); https:\/\/127\.0\.0\.1:\d+\/ does not respond \(\w+\)\n$/,
    );
  });

  test("when the answer is an error or a redirect, and without showing the query", async () => {
    using other = Bun.serve({
      port: 0,
      hostname: "127.0.0.1",
      fetch: ({ url }) =>
        new URL(url).pathname === "/moved"
          ? Response.redirect("/", 307)
          : new Response("no", { status: 503 }),
    });
    const { code, stderr } = await ask([`http://127.0.0.1:${other.port}/readyz?canary`]);
    expect([code, stderr]).toEqual([
      1,
      `signway: http://127.0.0.1:${other.port}/readyz responds with 503\n`,
    ]);
    expect((await ask([`http://127.0.0.1:${other.port}/moved`])).code).toBe(1);
  });

  test("when no answer comes", async () => {
    await using silent = await startUpstream([]);
    const { code, stderr } = await ask([silent.url]);
    expect([code, stderr]).toEqual([
      1,
      `signway: ${silent.url}/ does not respond (TimeoutError)\n`,
    ]);
  });
});

describe("signway health refuses", () => {
  test.each([
    [["ftp://127.0.0.1/"], undefined, "health needs an absolute http or https URL"],
    [["127.0.0.1:3000"], undefined, "health needs an absolute http or https URL"],
    [["http://127.0.0.1", "http://127.0.0.2"], undefined, "health takes at most one URL"],
    [[], "3000/x", "PORT must be a number from 0 to 65535"],
    [[], "70000", "PORT must be a number from 0 to 65535"],
  ])("%j with PORT %s", async (args, port, mistake) => {
    const { code, stdout, stderr } = await ask(args, port);
    const hint = "Try 'signway health --help'.";
    expect({ code, stdout, stderr }).toEqual({
      code: 2,
      stdout: "",
      stderr: `signway: ${mistake}\n${hint}\n`,
    });
  });
});

test("signway health --help says what is asked", async () => {
  const { code, stdout } = await ask(["--help"]);
  expect([code, stdout.includes("signway health URL")]).toEqual([0, true]);
});
