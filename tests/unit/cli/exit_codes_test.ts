import { describe, expect, test } from "bun:test";
import { createServer, type AddressInfo } from "node:net";
import packageJson from "../../../package.json";
import { CREDENTIAL, startGateway } from "../../support/gateway.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { folderWith } from "../../support/folder.ts";
import { PROGRAM } from "../../support/run_signway.ts";
import { finished } from "../../support/finished.ts";

const SECRET = "a secret that nobody may see";
const PADDED = `${SECRET}\r\n`;

/** Runs the program until it ends by itself. */
async function run(args: string[], env: Record<string, string> = {}) {
  const { PATH = "", HOME = "" } = process.env;
  const child = Bun.spawn([PROGRAM, ...args], {
    env: { PATH, HOME, ...env },
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
    timeout: 20_000,
  });
  return await finished(child);
}

describe("the program ends with 2 when its command line is wrong", () => {
  test.each<[string, string[], RegExp]>([
    ["nothing at all", [], /ID\b.*missing(.|\n)*SECRET\b.*missing/],
    ["no secret", ["web"], /SECRET\b.*missing/],
    ["an empty secret", ["web", ""], /SECRET\b/],
    ["an unknown option", ["web", SECRET, "--verbose"], /unknown option --verbose/],
    ["a bad upstream", ["web", SECRET, "--upstream", "x"], /--upstream/],
    ["a header with a newline", ["web", SECRET, "--header", "A: b\nC: d"], /--header/],
    ["a bad port", ["web", SECRET, "--port", "99999"], /port/],
    [
      "two mistakes",
      ["web", SECRET, "--drain", "x", "--log-level", "y"],
      /--drain(.|\n)*--log-level/,
    ],
  ])("%s", async (_, args, complaint) => {
    const { stdout, stderr, code } = await run(args);
    expect(code).toBe(2);
    expect(stdout).toBe("");
    expect(stderr).toMatch(complaint);
    const lines = stderr.trimEnd().split("\n");
    expect(lines.at(-1)).toBe("Try 'signway --help'.");
    for (const line of lines.slice(0, -1)) expect(line).toStartWith("signway: ");
    expect(stderr).not.toContain(SECRET);
    expect(stderr).not.toMatch(/\.ts\b|\bat /);
  });
});

describe("the program ends with 0 when it is asked something", () => {
  test.each([[["--version"]], [["-V"]], [["serve", "--version"]]])("%j", async (args) => {
    const { stdout, stderr, code } = await run(args);
    const version = `signway ${packageJson.version} (from source, Bun ${Bun.version})\n`;
    expect({ stdout, stderr, code }).toEqual({ stdout: version, stderr: "", code: 0 });
  });

  test.each([[["--help"]], [["-h"]], [["serve", "--help"]], [["web", SECRET, "-h"]]])(
    "%j",
    async (args) => {
      const { stdout, stderr, code } = await run(args);
      expect(stdout).toContain("Usage:\n  signway ");
      expect({ stderr, code }).toEqual({ stderr: "", code: 0 });
    },
  );
});

test("the program ends with 1 when its address cannot be had", async () => {
  const taken = createServer();
  await new Promise<void>((resolve) => taken.listen(0, "127.0.0.1", resolve));
  const { port } = taken.address() as AddressInfo;
  const { stderr, code } = await run(["web", SECRET, "--host", "127.0.0.1", "--port", `${port}`]);
  await new Promise((resolve) => taken.close(resolve));
  expect(code).toBe(1);
  expect(stderr).toStartWith(
    `signway: cannot listen on 127.0.0.1:${port} (EADDRINUSE): the address is already in use. End what listens there, or choose another one\n`,
  );
  expect(stderr).not.toContain(SECRET);
});

describe("a program that starts tells what an operator should know", () => {
  test("a secret on the command line, a short one, headers for any target, explanations", async () => {
    await using gateway = await startGateway({
      args: ["web", "0short0", "--header", "X-Key: canary", "--explain"],
    });
    const warnings = gateway.lines().filter(({ level }) => level === "warn");
    expect(warnings.map(({ code }) => code as string)).toEqual([
      "secret_on_command_line",
      "secret_short",
      "secret_too_short_for_tokens",
      "headers_for_any_upstream",
      "explain_on",
    ]);
    expect(gateway.stdout()).not.toMatch(/0short0|canary/);
  });

  test.each([
    ["in the environment", [], { SW_SECRET: PADDED }],
    ["in a file", ["--config", "PADDED_CONFIG"], {}],
  ])("a newline at the end of a secret %s, which is used unchanged", async (_, args, env) => {
    // The last newline of a file is no part of the secret.
    await using folder = await folderWith({ secret: `${PADDED}\n` });
    const secrets = [`\${file:${folder.path("secret")}}`];
    const config = folder.path("signway.json");
    await Bun.write(
      config,
      JSON.stringify({ app: [{ id: CREDENTIAL.id, secrets, upstream: [{}] }] }),
    );
    const given = args.map((arg) => arg.replace("PADDED_CONFIG", config));
    await using gateway = await startGateway({ args: given, env });
    expect(gateway.lines()[0]).toMatchObject({ level: "warn", code: "secret_padded" });
    const sign = { id: CREDENTIAL.id, secret: PADDED };
    const response = await signedExchange(gateway, "http://127.0.0.1:1/", { sign });
    expect(response.body.toString()).toContain("target_not_allowed");
  });

  test("nothing when there is nothing to say", async () => {
    await using gateway = await startGateway({ args: ["--upstream", "https://api.example.com/"] });
    expect(gateway.lines()).toMatchObject([
      { level: "info", msg: "listening", upstreams: ["https://api.example.com/"] },
    ]);
  });
});
