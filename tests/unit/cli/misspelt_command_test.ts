import { describe, expect, test } from "bun:test";
import { nearestCommand } from "../../../lib/cli/arguments/command_name.ts";
import { type LogLine, startGateway } from "../../support/gateway.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

describe("a command line that cannot start and begins almost like a command is told of it:", () => {
  test.each([
    [["chek"], "check"],
    [["chek", "--schema"], "check"],
    [["check.", "a.toml", "b.toml"], "check"],
    [["sing", "https://a.example/", "--method", "POST"], "sign"],
    [["sig", "https://a.example/", "--json"], "sign"],
    [["tokens", "--json"], "token"],
    [["server", "web", "a secret"], "serve"],
    [["hepl"], "help"],
    [["versoin"], "version"],
    [["run", "--config", "signway.toml"], "serve"],
    [["start"], "serve"],
    [["validate", "signway.toml"], "check"],
  ])("%j", async (args, command) => {
    const run = await runSignway(args);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run).length).toBeGreaterThan(0);
    expect(run.stderr).toEndWith(`Did you mean 'signway ${command}'?\nTry 'signway --help'.\n`);
  });

  test("not one that begins otherwise, or says serve", async () => {
    for (const args of [["web"], ["--port", "x"], ["serve", "chek"]]) {
      const run = await runSignway(args);
      expect(run.code).toBe(2);
      expect(run.stderr).not.toContain("Did you mean");
    }
  });
});

describe("two arguments that are more likely a command and its argument start nothing:", () => {
  const WORDS = [
    ...["chek", "serv", "sing", "tokne", "explan", "healt", "hepl", "versoin"],
    ...["token", "try", "revoke", "ledger", "init", "doctor", "run", "start"],
    ...["tokens", "inti", "doctr", "price"],
  ];
  test.each(WORDS)("%s x", async (word) => {
    const run = await runSignway([word, "canary-secret"], { env: { PORT: "0" } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)[0]).toContain("'signway serve ID SECRET'");
    expect(run.stderr).not.toContain("canary");
  });

  test.each([
    ["validate", "canary.toml"],
    ["verify", "https://canary.example/"],
    ["lint", "canary.YML"],
    ["config", "./canary.json"],
  ])("%s %s", async (word, argument) => {
    const run = await runSignway([word, argument], { env: { PORT: "0" } });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([expect.stringContaining("looks like a file or a URL")]);
    expect(run.stderr).not.toContain("canary");
  });

  test("nor after options, or between them", async () => {
    for (const args of [
      ["--port", "0", "check", "x"],
      ["--port", "0", "--", "init", "x"],
      ["run", "--no-watch", "x"],
      ["run", "x", "--allow-private-upstreams", "--config", "signway.toml"],
    ]) {
      const run = await runSignway(args);
      expect([args, run.code, run.stdout]).toEqual([args, 2, ""]);
      expect(complaints(run)).toEqual([expect.stringContaining("the reserved word")]);
    }
  });
});

describe("a configuration file in place of the id starts nothing:", () => {
  test.each([
    [["signway.toml"], "signway.toml"],
    [["./etc/signway.YAML"], "./etc/signway.YAML"],
    [["a.yml", "--header", "X-Key: key"], "a.yml"],
    [["serve", "a.json", "--upstream", "https://api.example.com/"], "a.json"],
  ])("%j", async (args, file) => {
    const env = { PORT: "0", SW_SECRET: "a canary of a secret" };
    const run = await runSignway(args, { env });
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([`the id looks like a file: write '--config ${file}'`]);
  });
});

describe("an id that is like a command", () => {
  const codes = (lines: LogLine[]) => lines.map((line) => line["code"]);
  const upstream = ["--upstream", "https://api.example.com/"];

  test.each([
    ["with --upstream", ["chek", "a secret of 16 bytes", ...upstream], "chek"],
    ["with --header", ["chek", "a secret of 16 bytes", "--header", "X-Key: key"], "chek"],
    ["with its secret in the environment", ["chek"], "chek"],
  ])("%s starts the gateway, which says so in its log", async (_, args, id) => {
    await using gateway = await startGateway({ args });
    expect(codes(gateway.lines())).toContain("id_like_command");
    expect(gateway.lines().at(-1)).toMatchObject({ msg: "listening", app: id });
  });

  test.each([["init"], ["check"], ["run"]])(
    "after serve is an id and nothing else: %s",
    async (id) => {
      await using gateway = await startGateway({ args: ["serve", id, "a secret of 16 bytes"] });
      expect(codes(gateway.lines())).not.toContain("id_like_command");
      expect(gateway.lines().at(-1)).toMatchObject({ msg: "listening", app: id });
    },
  );

  test("after serve may have any secret", async () => {
    await using gateway = await startGateway({ args: ["serve", "web", "https://a.toml"] });
    expect(gateway.lines().at(-1)).toMatchObject({ msg: "listening", app: "web" });
  });

  test.each([["my-id"], ["web"], ["service"], ["initial"], ["tryout"]])(
    "is not every id: %s",
    async (id) => {
      await using gateway = await startGateway({ args: [id, "my-secret"] });
      expect(gateway.lines().at(-1)).toMatchObject({ msg: "listening", app: id });
    },
  );
});

test("nearestCommand takes one letter or their order for a slip, and no more", () => {
  expect(
    ["check", "chek", "chck", "checks", "cehck", "sing", "sig", "serv"].map(nearestCommand),
  ).toEqual(["check", "check", "check", "check", "check", "sign", "sign", "serve"]);
  for (const word of ["web", "my-id", "c", "", "service", "design", "chk", "signway", "CHECK"]) {
    expect([word, nearestCommand(word)]).toEqual([word, undefined]);
  }
});
