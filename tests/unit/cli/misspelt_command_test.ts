import { describe, expect, test } from "bun:test";
import { nearestCommand } from "../../../lib/cli/arguments/command_name.ts";
import { type LogLine, startGateway } from "../../support/gateway.ts";
import { signedTarget } from "../../support/signed.ts";
import { complaints, runSignway } from "./run_signway.ts";

describe("a command line that cannot start and begins almost like a command is told of it:", () => {
  test.each([
    [["chek"], "check"],
    [["chek", "--schema"], "check"],
    [["check.", "a.toml", "b.toml"], "check"],
    [["sing", "https://a.example/", "--method", "POST"], "sign"],
    [["sig", "https://a.example/", "--json"], "sign"],
    [["server", "web", "a secret"], "serve"],
    [["hepl"], "help"],
    [["versoin"], "version"],
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

describe("an id that is almost a command", () => {
  const codes = (lines: LogLine[]) => lines.map((line) => line["code"]);

  test("starts the gateway as ever, which says so in its log", async () => {
    await using gateway = await startGateway({ args: ["chek", "signway.toml"] });
    const warnings = gateway.lines().filter(({ level }) => level === "warn");
    expect(codes(warnings)).toContain("id_like_command");
    expect(gateway.lines().at(-1)).toMatchObject({ msg: "listening", app: "chek" });
    const target = "http://127.0.0.1:1/";
    const path = signedTarget(gateway.url, target, { id: "chek", secret: "signway.toml" });
    const response = await fetch(new URL(path, gateway.url));
    expect(await response.json()).toMatchObject({ code: "target_not_allowed" });
  });

  test("after serve is an id and nothing else", async () => {
    await using gateway = await startGateway({ args: ["serve", "check", "a secret of 16 bytes"] });
    expect(codes(gateway.lines())).not.toContain("id_like_command");
    expect(gateway.lines().at(-1)).toMatchObject({ msg: "listening", app: "check" });
  });
});

test("nearestCommand takes one letter or their order for a slip, and no more", () => {
  expect(
    ["check", "chek", "chck", "checks", "cehck", "sing", "sig", "serv"].map(nearestCommand),
  ).toEqual(["check", "check", "check", "check", "check", "sign", "sign", "serve"]);
  for (const word of ["web", "my-id", "c", "", "service", "design", "chk", "signway", "CHECK"]) {
    expect([word, nearestCommand(word)]).toEqual([word, undefined]);
  }
});
