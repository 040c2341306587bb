import { afterAll, describe, expect, test } from "bun:test";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { runSignway } from "../../support/run_signway.ts";

const { id, secret } = CREDENTIAL;
const upstream = Bun.serve({ hostname: "127.0.0.1", port: 0, fetch: () => new Response("ok") });
const TARGET = `${upstream.url}path?a=1&b=x%20y`;
const gateway = await startGateway({ args: ["--upstream", upstream.url.href] });

afterAll(async () => {
  await gateway.stop();
  await upstream.stop(true);
});

const app = (name: string, ...secrets: string[]) => ({
  id: name,
  secrets,
  max_expires: 900,
  upstream: [{ url: `${upstream.url}path`, methods: ["GET", "PUT"] }],
});
const TWO_APPS = {
  app: [app("other", "another secret, of 32 bytes too."), app(id, "${CURRENT}", "an older one")],
};
const files = {
  "one.json": JSON.stringify({ app: [TWO_APPS.app[1]] }),
  "two.json": JSON.stringify(TWO_APPS),
  "none.json": JSON.stringify({ app: [] }),
};

describe("signway sign --config signs as an app of the file, with its first secret", () => {
  test.each([
    [["--config", "two.json", "--app", id]],
    [["--config", "one.json"]],
    [["--config", "one.json", "--app", id]],
  ])("%j", async (args) => {
    const run = await runSignway(["sign", TARGET, "--gateway", gateway.url, ...args], {
      env: { CURRENT: secret, SW_ID: "nobody", SW_SECRET: "not this one" },
      files,
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect((await fetch(run.stdout.trim())).status).toBe(200);
  });

  test.each<[settings: object, origin: string, env?: Record<string, string>]>([
    [{ listen: "127.0.0.1:8181" }, "http://127.0.0.1:8181"],
    [{ listen: "[::1]:8181" }, "http://[::1]:8181"],
    [{ listen: "0.0.0.0:8181" }, "http://localhost:8181"],
    [{ listen: ":8181" }, "http://localhost:8181"],
    [{}, "http://localhost:4000", { PORT: "4000" }],
  ])("for the gateway where the file has it listen: %j", async (settings, origin, env = {}) => {
    const run = await runSignway(["sign", TARGET, "--config", "a.json"], {
      env: { CURRENT: secret, ...env },
      files: { "a.json": JSON.stringify({ ...settings, app: [TWO_APPS.app[1]] }) },
    });
    expect(run).toMatchObject({ code: 0, stderr: "" });
    expect(run.stdout).toStartWith(`${origin}/?`);
  });

  test.each([{ public_path: "/signway" }, { listen: ":0" }])(
    "and asks for the gateway's URL where the file does not tell it: %j",
    async (settings) => {
      const args = ["sign", TARGET, "--config", "a.json"];
      const given = {
        env: { CURRENT: secret },
        files: { "a.json": JSON.stringify({ ...settings, app: [TWO_APPS.app[1]] }) },
      };
      expect((await runSignway(args, given)).stderr).toMatch(/^signway: warning: .*--gateway\n$/);
      const named = await runSignway([...args, "--gateway", "https://a.example/signway"], given);
      expect(named).toMatchObject({ code: 0, stderr: "" });
    },
  );

  test("and says what that app may not", async () => {
    const args = ["sign", "http://127.0.0.1:1/x?key=v", "--config", "one.json", "--expires", "901"];
    const uncovered = await runSignway(args, { env: { CURRENT: secret }, files });
    expect(uncovered.code).toBe(0);
    expect(uncovered.stdout).toMatch(/^http:\/\/localhost:3000\/\?\S+\n$/);
    expect(uncovered.stderr).toBe(
      `signway: warning: the URL is valid for 901 s, but app ${id} allows only 900 s\n` +
        `signway: warning: app ${id} has no upstream for http://127.0.0.1:1/x\n`,
    );
    const method = await runSignway(["sign", TARGET, "--config", "one.json", "--method", "POST"], {
      env: { CURRENT: secret },
      files,
    });
    expect(method.stderr).toBe(
      `signway: warning: app ${id} does not allow POST for the upstream of the URL\n`,
    );
  });
});
