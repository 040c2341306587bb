import { createHash, createHmac } from "node:crypto";
import { existsSync } from "node:fs";
import { describe, expect, test } from "bun:test";
import packageJson from "../../../package.json" with { type: "json" };
import { canonicalRequest } from "../../../lib/signing/sw1/canonical_request.ts";
import { signUrl } from "../../../lib/signing/mod.ts";
import { codesIn } from "../../support/code_blocks.ts";
import { freePort } from "../../support/free_port.ts";
import { pageShell, waitForGateway } from "../../support/page_shell.ts";
import { readmeLines } from "../../support/readme.ts";
import { ROOT } from "../../support/root.ts";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";

const ENV = {
  SW_SECRET: "a secret of more than 32 bytes, as tokens need",
  SW_ADMIN_TOKEN: "an-admin-token-of-more-than-16-bytes",
  OPENAI_API_KEY: "sk-key",
};

/** The blocks of a page in a language. */
const blocks = async (page: string, language: string): Promise<string[]> =>
  codesIn(await Bun.file(`${ROOT}/${page}`).text(), language);

/** Commands without the comments behind them. */
const commandsIn = (code: string): string[] =>
  code
    .trimEnd()
    .split("\n")
    .map((line) => line.replace(/ {2,}#.*/, ""));

const SMALL = (await blocks("docs/configuration.md", "toml"))[0]!;

test("CONTRIBUTING.md names scripts, folders and files that there are", async () => {
  const [install = "", tests = ""] = await blocks("CONTRIBUTING.md", "sh");
  expect(Object.keys(packageJson.scripts)).toContain(/bun@[\d.]+ run (\w+)/.exec(install)![1]!);
  const paths = commandsIn(tests).map((command) => /^bun test (\S+)/.exec(command)![1]!);
  expect(paths).toHaveLength(3);
  for (const path of paths) expect([path, existsSync(`${ROOT}/${path}`)]).toEqual([path, true]);
});

test("docs/benchmarks.md names scenarios and options that there are", async () => {
  const [code = ""] = await blocks("docs/benchmarks.md", "sh");
  const words = commandsIn(code).flatMap((command) => command.split(" ").slice(3));
  expect(words.length).toBeGreaterThan(4);
  const run = await Bun.file(`${ROOT}/bench/run.ts`).text();
  const scenarios = await Bun.file(`${ROOT}/bench/scenarios/mod.ts`).text();
  for (const word of words) {
    const option = /^--(\w+)$/.exec(word)?.[1];
    if (option === undefined) expect(scenarios).toMatch(new RegExp(`^  ${word}[:,]`, "m"));
    else expect(run).toMatch(new RegExp(`^    ${option}: \\{ type:`, "m"));
  }
});

test("docs/operations.md installs the service as README does, and reloads it", async () => {
  const [code = ""] = await blocks("docs/operations.md", "text");
  const installed = readmeLines("sh", "systemctl enable").join("\n").replaceAll("sudo ", "");
  const reload = "systemctl reload signway";
  // What README has, and the reload, is run under a booted systemd.
  expect(commandsIn(code).map((it) => it.trim())).toEqual(
    [...commandsIn(installed), reload].map((it) => it.replace(/ {2,}#.*/, "").trim()),
  );
  const booted = `${ROOT}/tests/operations/deploy/systemd_test.ts`;
  expect(await Bun.file(booted).text()).toContain(`machine.output("${reload}")`);
});

test("docs/operations.md checks the configuration as deploy/signway.toml does", async () => {
  const [, code = ""] = await blocks("docs/operations.md", "text");
  // It is run under a booted systemd.
  const config = await Bun.file(`${ROOT}/deploy/signway.toml`).text();
  expect(config.replaceAll(/^# {3}/gm, "")).toContain(code);
});

describe("docs/configuration.md", () => {
  test("checks and starts the small complete file", async () => {
    const port = await freePort();
    await using folder = await folderWith({
      "signway.toml": SMALL.replace("127.0.0.1:3000", `127.0.0.1:${port}`),
    });
    const program = `exec ${process.execPath} ${ROOT}/server.ts`;
    const [check = "", serve = ""] = commandsIn((await blocks("docs/configuration.md", "sh"))[0]!);
    const run = (command: string) =>
      pageShell(`cd ${folder.path(".")}\n${command.replace(/^signway/, program)}`, ENV);
    expect(await run(check).exited).toBe(0);
    const gateway = run(serve);
    await waitForGateway(`http://127.0.0.1:${port}`);
    gateway.kill();
    expect(await gateway.exited).toBe(0);
  });
});

test("docs/dashboard.md has settings that are valid beside an app", async () => {
  const [settings = ""] = await blocks("docs/dashboard.md", "toml");
  const files = { "signway.toml": settings + SMALL };
  const { code, stderr } = await runSignway(["check", "signway.toml"], { env: ENV, files });
  expect([code, stderr]).toEqual([0, ""]);
});

test("docs/architecture.md has the formula of the signature", async () => {
  const [formula = ""] = await blocks("docs/architecture.md", "text");
  const lines = [
    'signing key         HMAC-SHA256("SW1-HMAC-SHA256" + secret, day)',
    "string to sign      algorithm, date, day, hex(SHA-256(canonical request))",
    "signature           HMAC-SHA256(signing key, string to sign)",
  ];
  for (const line of lines) expect(formula).toContain(line);
  const secret = "a secret";
  const options = { gateway: "https://gateway.example.com", id: "web", secret, method: "GET" };
  const url = new URL(await signUrl("https://api.example/v1", options));
  const parameters = new URLSearchParams(url.search);
  const date = parameters.get("X-Sw-Date")!;
  const day = date.slice(0, 8);
  const signed = url.search.slice(1).split("&");
  const query = signed
    .filter((it) => !it.startsWith("X-Sw-Signature="))
    .sort()
    .join("&");
  const canonical = canonicalRequest({ method: "GET", path: "/", query, headers: new Map() });
  const digest = createHash("sha256").update(canonical).digest("hex");
  const text = [parameters.get("X-Sw-Algorithm"), date, day, digest].join("\n");
  const key = createHmac("sha256", `SW1-HMAC-SHA256${secret}`).update(day).digest();
  const signature = createHmac("sha256", key).update(text).digest("hex");
  expect(url.searchParams.get("X-Sw-Signature")).toBe(signature);
});
