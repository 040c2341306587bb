import { describe, expect, test } from "bun:test";
import { SERVE_FLAGS } from "../../../lib/cli/arguments/serve_flags.ts";
import { parseArguments } from "../../../lib/cli/arguments/parse_arguments.ts";
import { mistakesOf } from "./command_line.ts";

const parsed = (...args: string[]) => {
  const { positionals, given } = parseArguments(args, SERVE_FLAGS);
  return [positionals, Object.fromEntries(given)] as unknown;
};

describe("parseArguments takes a command line apart", () => {
  test.each<[string[], string[], Record<string, string[]>]>([
    [[], [], {}],
    [["id", "secret"], ["id", "secret"], {}],
    [["id", "secret", "--port", "0"], ["id", "secret"], { port: ["0"] }],
    [["id", "secret", "--port=0"], ["id", "secret"], { port: ["0"] }],
    [["--port", "0", "id", "secret"], ["id", "secret"], { port: ["0"] }],
    [["id", "--explain", "secret"], ["id", "secret"], { explain: [""] }],
    [["--header", "A: b"], [], { header: ["A: b"] }],
    [["--header=A: b=c"], [], { header: ["A: b=c"] }],
    [["-H", "A: b"], [], { header: ["A: b"] }],
    [["-HA: b"], [], { header: ["A: b"] }],
    [["-h", "A: b"], [], { header: ["A: b"] }],
    [["-h", "A:b", "--header", "C: d", "-H", "E: f"], [], { header: ["A:b", "C: d", "E: f"] }],
    [
      ["--upstream", "https://a/", "--upstream", "https://b/"],
      [],
      { upstream: ["https://a/", "https://b/"] },
    ],
    [["-h"], [], { help: [""] }],
    [["id", "secret", "-h"], ["id", "secret"], { help: [""] }],
    [["-h", "serve"], ["serve"], { help: [""] }],
    [["--help"], [], { help: [""] }],
    [["-V"], [], { version: [""] }],
    [["--version"], [], { version: [""] }],
    [["--", "-id", "--secret"], ["-id", "--secret"], {}],
  ])("%j", (args, positionals, given) => {
    expect(parsed(...args)).toEqual([positionals, given]);
  });
});

describe("parseArguments names the nearest option to a wrong one", () => {
  test.each([
    ["--heder", "--header"],
    ["--headers", "--header"],
    ["--Header", "--header"],
    ["--upstreams", "--upstream"],
    ["--up-stream", "--upstream"],
    ["--prot", "--port"],
    ["--hots", "--host"],
    ["--verison", "--version"],
    ["--explian", "--explain"],
    ["--max-expiry", "--max-expires"],
    ["--clockskew", "--clock-skew"],
    ["--allow-private-upstream", "--allow-private-upstreams"],
    ["--access-control-allow-origins", "--access-control-allow-origin"],
    ["--access-control-allow-method", "--access-control-allow-methods"],
    ["--bytes-monitor", "--no-bytes-monitor"],
    ["--loglevel", "--log-level"],
    ["--sse-heart-beat", "--sse-heartbeat"],
  ])("%s: %s", (wrong, right) => {
    expect(mistakesOf(["id", "secret", wrong])).toEqual([
      `unknown option ${wrong}: did you mean ${right}?`,
    ]);
  });

  test.each(["--__proto__", "--constructor", "--toString"])("%s is no option", (name) => {
    expect(mistakesOf(["id", "secret", name])).toHaveLength(1);
  });
});

describe("parseArguments reports every wrong option at once", () => {
  test.each<[string[], (string | RegExp)[]]>([
    [["--port"], ["--port needs a value: --port PORT"]],
    [["--explain=yes"], ["--explain takes no value"]],
    [["--port", "1", "--port", "2"], ["--port is given twice"]],
    [["--explain", "--explain"], ["--explain is given twice"]],
    [["--header"], [/^--header needs a value/]],
    [
      ["--portt", "1", "--explain=1", "--upstrem", "--host"],
      [/--portt/, /--explain takes no value/, /--upstrem/, /--host needs a value/],
    ],
  ])("%j", (args, expected) => {
    const mistakes = mistakesOf(["id", "secret", ...args]);
    expect(mistakes).toHaveLength(expected.length);
    for (const [i, mistake] of mistakes.entries()) expect(mistake).toMatch(expected[i] ?? "");
  });
});

describe("no message repeats a value that may be a secret", () => {
  const secret = "zq7Wx";
  test.each<[string, string[]]>([
    ["of a misspelled option", ["id", "secret", "--heder", `Authorization: Bearer ${secret}`]],
    ["of a misspelled option with =", ["id", "secret", `--heder=Authorization: Bearer ${secret}`]],
    ["of a header without a colon", ["id", "secret", "--header", `Authorization Bearer ${secret}`]],
    [
      "of a header that cannot be",
      ["id", "secret", "--header", `X-Key: ${secret}\n`, "--port", "x"],
    ],
    [
      "of a header that is given twice",
      ["id", "secret", "-H", `a: ${secret}`, "-H", `A: ${secret}`],
    ],
    ["of a switch", ["id", "secret", `--explain=${secret}`]],
    ["of a third argument", ["id", "secret", secret]],
    ["of user info", ["id", "secret", "--upstream", `https://user:${secret}@a.example/`]],
    [
      "of user info without slashes",
      ["id", "secret", "--upstream", `https:user:${secret}@a.example`],
    ],
    ["of a query", ["id", "secret", "--upstream", `https://a.example/?key=${secret}`]],
    ["of a secret, beside other mistakes", ["id", secret, "--port", "x"]],
  ])("%s", (_, args) => {
    const mistakes = mistakesOf(args);
    expect(mistakes.length).toBeGreaterThan(0);
    expect(mistakes.join("\n")).not.toContain(secret);
  });

  test.each([`-${secret}`, `--${secret}`])("of a secret that begins with a dash: %s", (dashed) => {
    const text = mistakesOf(["id", dashed]).join("\n");
    expect(text).not.toContain(secret);
    // Letter by letter it would be told as well.
    for (const letter of "qWx") expect(text).not.toMatch(new RegExp(`option -${letter}\\b`));
  });

  test("a secret that begins with a dash can be given behind --", () => {
    expect(mistakesOf(["--", "id", `-${secret}`])).toEqual([]);
  });
});
