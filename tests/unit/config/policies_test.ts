import { describe, expect, test } from "bun:test";
import { resolve } from "node:path";
import { describeChanges } from "../../../lib/config/describe_changes.ts";
import { mistakesOf } from "../cli/command_line.ts";
import { RIGHT_POLICIES, WRONG_POLICIES } from "../signing/token/policy_values.ts";
import { APP, mistakesOfFile, ROUTE, settingsOfFile } from "./configured.ts";

const CANARY = "canary-7f3a9c";
const [rule] = APP.upstream;
const mistakes = (policy: object[], more: object = {}) =>
  mistakesOfFile({ app: [APP], policy, ...more });

// The rows of the file know the types; what is behind them is known by the parser of tokens.
const { policy: _, ...RIGHT } = RIGHT_POLICIES;
const { policy: __, ...WRONG } = WRONG_POLICIES;

describe("a policy may have what sw may have:", () => {
  const cases = Object.entries(RIGHT).flatMap(([key, values]) =>
    values.map((value) => [key, value] as const),
  );
  test.each(cases)("%s = %j", (key, value) => {
    expect(mistakes([{ name: "a", [key]: value }])).toEqual([]);
  });
});

describe("what sw must not have is a mistake of the policy:", () => {
  const cases = Object.entries(WRONG).flatMap(([key, values]) =>
    values.map((value) => [key, value] as const),
  );
  test.each(cases)("%s = %j", (key, value) => {
    const found = mistakes([{ name: "a", [key]: value }]);
    expect(found).toHaveLength(1);
    expect(found[0]).toStartWith(`policy[0].${key}`);
  });

  test.each<[what: string, keys: object, mistake: string]>([
    ["no origin", { origins: ["*"] }, "policy[0].origins[0] is no origin"],
    ["no address", { ips: ["::/129"] }, "policy[0].ips[0] is no address or CIDR range"],
    ["no target", { to: ["GET"] }, "policy[0].to[0] is no URL or METHODS URL"],
    [
      "a pattern",
      { body: { schema: { pattern: "(?=a)" } } },
      "policy[0].body.schema has a pattern that is no regular expression of RE2",
    ],
    [
      "a keyword",
      { body: { schema: { properties: { a: { format: CANARY } } } } },
      "policy[0].body.schema has the keyword format, which is not supported at /properties/a",
    ],
    [
      "a large schema",
      { body: { schema: { const: "x".repeat(33_000) } } },
      "policy[0].body.schema is larger than 32768 bytes",
    ],
    ["the names of policies", { policy: ["a"] }, "policy[0].policy is unknown"],
    ["no uses", { uses: 0 }, "policy[0].uses must be at least 1"],
    ["a rate", { rate: "10/sec" }, "policy[0].rate is not a rate such as 10/s or 60/min burst 5"],
    ["a cost", { cost: 0 }, "policy[0].cost must be more than 0"],
    ["a period", { tokens: "5/day" }, "policy[0].tokens must be a whole number, 1 or more"],
    [
      "no types of messages",
      { messages: {} },
      "policy[0].messages is no object with types of messages",
    ],
    [
      "an option of JavaScript",
      { maxOutputTokens: 1 },
      "policy[0].maxOutputTokens is unknown: did you mean max_output_tokens?",
    ],
  ])("%s", (_, keys, mistake) => {
    const found = mistakes([{ name: "a", ...keys }]);
    expect(found).toEqual([expect.stringMatching(new RegExp(`^${RegExp.escape(mistake)}`))]);
    expect(found[0]).not.toContain(CANARY);
  });
});

test("all mistakes of policies are reported at once, with the index of each entry", () => {
  const first = { name: "a", to: ["https://a.example/", "GET", "POST"], rate: "10/sec" };
  const second = { name: "b", ips: ["x"], origins: [], system: " " };
  expect(mistakes([first, second])).toEqual([
    "policy[0].to[1] is no URL or METHODS URL",
    "policy[0].to[2] is no URL or METHODS URL",
    "policy[0].rate is not a rate such as 10/s or 60/min burst 5",
    "policy[1].origins is empty",
    "policy[1].ips[0] is no address or CIDR range",
    "policy[1].system is not a text, or blank",
  ]);
});

test.each([
  ["a date", "const = 2026-11-29"],
  ["an endless number", "maximum = inf"],
  ["no number", "enum = [nan]"],
  ["a name __proto__", 'const = { "__proto__" = 1 }'],
])("%s of TOML is a mistake, as it is no value of JSON", (_, line) => {
  const app = '[[app]]\nid = "web"\nsecrets = ["a secret of more than 32 bytes, as tokens need"]';
  const rule = '[[app.upstream]]\nurl = "https://api.example/"';
  const policy = `[[policy]]\nname = "a"\n[policy.body.schema]\n${line}`;
  const files = { "a.toml": [app, rule, policy, ""].join("\n") };
  expect(mistakesOf(["--config", "a.toml"], { files })).toEqual([
    "policy[0].body (line 6) has a value that is not one of JSON: a date, an endless number or a name __proto__",
  ]);
});

describe("names of policies", () => {
  test.each(["", " ", "a b", "a/b", "\u00e9", "a".repeat(65)])("%j is none", (name) => {
    expect(mistakes([{ name }])).toEqual([
      "policy[0].name must be 1 to 64 letters, digits, dots, hyphens and underscores",
    ]);
  });

  test("are unique", () => {
    expect(mistakes([{ name: "a" }, { name: "b" }, { name: "a" }])).toEqual([
      "policy[2].name is already the name of policy[0]",
    ]);
  });

  test("that are unknown are a mistake, wherever they stand", () => {
    const app = { ...APP, tokens: { policy: ["a", "b"] }, upstream: [{ ...rule, policy: ["c"] }] };
    const found = mistakesOfFile({
      app: [app],
      route: [{ ...ROUTE, policy: ["d"] }],
      policy: [{ name: "a" }],
    });
    expect(found).toEqual([
      "app[0].tokens.policy[1] is the name of no [[policy]]",
      "app[0].upstream[0].policy[0] is the name of no [[policy]]",
      "route[0].policy[0] is the name of no [[policy]]",
    ]);
  });

  test("lead to the policies, in the order of the names", () => {
    const policy = [{ name: "a" }, { name: "b", seconds: 5 }, { name: "c" }];
    const app = { ...APP, upstream: [{ ...rule, policy: ["c", "b"] }] };
    const { apps } = settingsOfFile({ app: [app], policy });
    expect(apps[0]!.upstreams[0]!.policies).toEqual([{ name: "c" }, { name: "b", seconds: 5 }]);
  });
});

describe("a prompt in a file", () => {
  const policy = [{ name: "a", system: "${file:prompts/support.txt}" }];
  const shape = { app: [APP], policy };
  test("is the system message, without its last newline", () => {
    const files = { "prompts/support.txt": "You are Otto.\n" };
    const { policies, files: read } = settingsOfFile(shape, { files });
    expect(policies).toEqual([{ name: "a", policy: { system: "You are Otto." } }]);
    expect(read).toContain("prompts/support.txt");
  });

  test("that cannot be read is the only mistake", () => {
    expect(mistakesOfFile(shape)).toEqual([
      `policy[0].system: the file prompts/support.txt does not exist: from the working directory it is ${resolve("prompts/support.txt")}`,
    ]);
  });
});

test("a reload names the policies that changed, and nothing of them", () => {
  const before = settingsOfFile({ app: [APP], policy: [{ name: "a" }, { name: "b" }] });
  const after = settingsOfFile({
    app: [APP],
    policy: [{ name: "a", system: CANARY }, { name: "c" }],
  });
  expect(describeChanges(before, after).changed).toEqual([
    "policy a changed",
    "policy c added",
    "policy b removed",
  ]);
});
