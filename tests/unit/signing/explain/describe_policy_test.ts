import { describe, expect, test } from "bun:test";
import { allowEntries } from "../../../../build/reference/allow_entries.ts";
import { isGuarding } from "../../../../lib/gateway/policy/combine.ts";
import {
  ALLOW_ENTRIES,
  describeAllowEntry,
} from "../../../../lib/signing/explain/allow_entries.ts";
import { describePolicy } from "../../../../lib/signing/explain/describe_policy.ts";
import { explainToken } from "../../../../lib/signing/explain.ts";
import type { Policy } from "../../../../lib/signing/verify.ts";
import { NOW, SECRET, withClaims } from "./planted_tokens.ts";

const GUARDED =
  "A request must be a known operation of the API, and may have only what is known to be harmless.";
const own = { tellsLength: true };

const ROWS: [what: string, policy: Policy, sentences: string[]][] = [
  ["nothing", {}, []],
  ["one model", { models: ["m"] }, ["Only the model m may be called.", GUARDED]],
  [
    "models with a pattern",
    { models: ["a", "b-*", "c"] },
    [
      "Only the model a, b-* or c may be called; * stands for letters, digits, ., _ and -.",
      GUARDED,
    ],
  ],
  [
    "a cap",
    { maxOutputTokens: 800 },
    [
      "A request may have 800 output tokens at most. A request for more is lowered to them.",
      GUARDED,
    ],
  ],
  [
    "a cap that refuses",
    { maxOutputTokens: 1, onExcess: "refuse" },
    ["A request may have 1 output token at most. A request for more is refused.", GUARDED],
  ],
  [
    "a refusal without a cap",
    { onExcess: "refuse" },
    ["A request for more output tokens is refused."],
  ],
  ["lowering without a cap", { onExcess: "lower" }, []],
  [
    "entries of allow",
    { allow: ["tools", "tools:web_search", "field:background", "header:x-b", "mcp:tasks", "tool"] },
    [
      GUARDED,
      "It opens tools: functions that the client runs, and their results.",
      "It opens tools:web_search: the provider's tool web_search.",
      "It opens field:background: background in the body.",
      "It opens header:x-b: the request header x-b.",
      "It opens mcp:tasks: tasks of the MCP server.",
      "The entry tool of allow opens nothing that is known.",
    ],
  ],
  [
    "a system message",
    { system: "Be kind. \u{1f98a}" },
    [
      GUARDED,
      "The system message is set to a text of 10 characters. A request with its own is refused.",
    ],
  ],
  [
    "tools of MCP",
    { tools: ["search", "read_*"] },
    [
      GUARDED,
      "Of an MCP server only the tool search or read_* may be called; * stands for any characters.",
    ],
  ],
  [
    "a patch and a schema",
    {
      body: {
        patch: [{ op: "remove", path: "/canary" }],
        schema: { required: ["a", "b", "c"], properties: { d: { const: "canary" } } },
      },
    },
    [
      "The body is edited by 1 operation of a JSON Patch.",
      "The body must comply with a JSON Schema, which requires a, b and c at the top level.",
    ],
  ],
  [
    "a schema that requires nothing",
    { body: { schema: true, patch: [1, 2].map((n) => ({ op: "remove", path: `/${n}` })) } },
    [
      "The body is edited by 2 operations of a JSON Patch.",
      "The body must comply with a JSON Schema, which requires no member at the top level.",
    ],
  ],
];

describe("describePolicy says of", () => {
  test.each(ROWS)("%s", (_, policy, sentences) => {
    expect(describePolicy(policy, own)).toEqual(sentences);
    expect(sentences.includes(GUARDED)).toBe(isGuarding(policy));
  });

  test("a policy of the operator only that it sets a system message", () => {
    const policy = { system: "canary", models: ["m"] };
    expect(describePolicy(policy, { tellsLength: false }).at(-1)).toBe(
      "The system message is set. A request with its own is refused.",
    );
  });
});

describe("what the entries of allow open", () => {
  const entries = [...allowEntries().keys()];
  test.each(entries)("%s", (entry) => {
    expect(describeAllowEntry(`${entry}${entry.endsWith(":") ? "NAME" : ""}`)).toMatch(
      /^[^{}]{8,}$/,
    );
  });

  test("is said of no entry that the tables of APIs do not have", () => {
    expect(Object.keys(ALLOW_ENTRIES).filter((entry) => !entries.includes(entry))).toEqual([]);
  });
});

describe("explainToken says what a token grants beside targets and callers:", () => {
  const rows: [sw: object, last: string][] = [
    [{}, "A request may say anything that the gateway's rules allow."],
    [{ policy: ["a"] }, "The operator's policy a applies as well."],
    [{ policy: ["a", "b", "c"] }, "The operator's policies a, b and c apply as well."],
    [{ body: { schema: {} } }, ROWS.at(-1)![2][1]!],
    [
      { system: "canary" },
      "The system message is set to a text of 6 characters. A request with its own is refused.",
    ],
  ];
  test.each(rows)("%j", async (sw, last) => {
    const explanation = await explainToken(withClaims({ sw }), { secrets: [SECRET], now: NOW });
    expect(explanation.accepted).toBe(true);
    expect(explanation.parts?.grants.at(-1)).toBe(last);
    expect(JSON.stringify(explanation)).not.toContain("canary");
  });
});
