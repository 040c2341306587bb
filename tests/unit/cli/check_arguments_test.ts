import { describe, expect, test } from "bun:test";
import { jsonSchema } from "../../../lib/config/json_schema.ts";
import { complaints, runSignway } from "../../support/run_signway.ts";

describe("signway check --help", () => {
  test.each([["--help"], ["-h"]])("%s", async (flag) => {
    const { code, stdout, stderr } = await runSignway(["check", flag]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    for (const part of ["signway check FILE", "Options:", "--schema", "--help"]) {
      expect(stdout).toContain(part);
    }
    for (const line of stdout.split("\n")) expect(line.length).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain("--port");
  });
});

test("signway check --schema prints the JSON Schema", async () => {
  const { code, stdout, stderr } = await runSignway(["check", "--schema"]);
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  expect(JSON.parse(stdout)).toEqual(jsonSchema());
});

describe("signway check ends with 2 when it is asked wrongly:", () => {
  test.each([
    [["check"], "check needs exactly one FILE"],
    [["check", "a.json", "b.json"], "check needs exactly one FILE"],
    [["check", "a.json", "--config", "b.json"], "check needs exactly one FILE"],
    [["check", "--shcema"], "unknown option --shcema: did you mean --schema?"],
    [["check", "--hlep"], "unknown option --hlep: did you mean --help?"],
    [["check", "--schema=yes"], "--schema takes no value"],
  ])("%j", async (args, complaint) => {
    const run = await runSignway(args);
    expect(run).toMatchObject({ code: 2, stdout: "" });
    expect(complaints(run)).toEqual([complaint]);
    expect(run.stderr).toEndWith("Try 'signway check --help'.\n");
  });
});
