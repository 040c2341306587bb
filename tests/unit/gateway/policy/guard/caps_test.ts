import { describe, expect, test } from "bun:test";
import { formatJson } from "../../../../../lib/signing/verify.ts";
import type { GuardRules } from "../../../../../lib/gateway/policy/guard/guard.ts";
import { guarded, refusal, type TestRequest, toJson } from "./guarded.ts";
import { OPENAI_CHAT } from "./requests/openai_chat.ts";
import { OPENAI_RESPONSES } from "./requests/openai_responses.ts";
import { ANTHROPIC_COUNT_TOKENS, ANTHROPIC_MESSAGES } from "./requests/anthropic.ts";
import { GOOGLE_GENERATE } from "./requests/google.ts";
import type { Members, RequestTable } from "./requests/request_table.ts";

const CAP = { maxOutputTokens: 800 };
const EDITED = ["max_output_tokens=800"];

/** A request with members instead of those of the minimal one. */
function requestOf({ provider, path, minimal }: RequestTable, members: Members): TestRequest {
  return { provider, path, body: { ...minimal, ...members } };
}

const config = (maxOutputTokens: unknown) => ({
  generationConfig: { temperature: 1, maxOutputTokens },
});

const LOWERED: readonly [RequestTable, Members, Members][] = [
  [OPENAI_CHAT, {}, { max_completion_tokens: 800 }],
  [OPENAI_CHAT, { max_completion_tokens: null }, { max_completion_tokens: 800 }],
  [OPENAI_CHAT, { max_tokens: null }, { max_completion_tokens: 800 }],
  [OPENAI_CHAT, { max_completion_tokens: 801 }, { max_completion_tokens: 800 }],
  [OPENAI_CHAT, { max_tokens: 5000 }, { max_tokens: 800 }],
  [OPENAI_CHAT, { max_completion_tokens: 5, max_tokens: 900 }, { max_tokens: 800 }],
  [
    OPENAI_CHAT,
    { max_completion_tokens: 900, max_tokens: 900 },
    { max_completion_tokens: 800, max_tokens: 800 },
  ],
  [OPENAI_RESPONSES, {}, { max_output_tokens: 800 }],
  [OPENAI_RESPONSES, { max_output_tokens: 900 }, { max_output_tokens: 800 }],
  [ANTHROPIC_MESSAGES, { max_tokens: 900 }, { max_tokens: 800 }],
  [ANTHROPIC_MESSAGES, { max_tokens: null }, { max_tokens: 800 }],
  [GOOGLE_GENERATE, config(900), config(800)],
  [GOOGLE_GENERATE, config(null), config(800)],
  [GOOGLE_GENERATE, { generationConfig: null }, { generationConfig: { maxOutputTokens: 800 } }],
];

describe("a cap", () => {
  test.each(LOWERED)("%#: is set where it is absent or higher", (table, members, edited) => {
    const { body, edits } = guarded(requestOf(table, members), CAP);
    expect(formatJson(body!)).toBe(formatJson(toJson({ ...table.minimal, ...members, ...edited })));
    expect(edits).toEqual(EDITED);
  });

  test("is set in a body without generationConfig", () => {
    const { provider, path, minimal } = GOOGLE_GENERATE;
    const { body } = guarded({ provider, path, body: { contents: minimal["contents"] } }, CAP);
    expect(body).toMatchObject({ generationConfig: { maxOutputTokens: 800 } });
  });

  test.each<[RequestTable, Members]>([
    [OPENAI_CHAT, { max_completion_tokens: 800 }],
    [OPENAI_CHAT, { max_tokens: 1 }],
    [OPENAI_RESPONSES, { max_output_tokens: 1 }],
    [ANTHROPIC_MESSAGES, { max_tokens: 799 }],
    [GOOGLE_GENERATE, config(800)],
    [ANTHROPIC_COUNT_TOKENS, {}],
  ])("%#: leaves a lower one", (table, members) => {
    const result = guarded(requestOf(table, members), CAP);
    expect(formatJson(result.body!)).toBe(formatJson(toJson({ ...table.minimal, ...members })));
    expect(result.edits).toEqual([]);
  });

  test.each<[RequestTable, Members, string]>([
    [OPENAI_CHAT, { max_completion_tokens: 801 }, "max_completion_tokens"],
    [OPENAI_CHAT, { max_completion_tokens: 1, max_tokens: 801 }, "max_tokens"],
    [OPENAI_RESPONSES, { max_output_tokens: 801 }, "max_output_tokens"],
    [ANTHROPIC_MESSAGES, { max_tokens: 801 }, "max_tokens"],
    [GOOGLE_GENERATE, config(801), "generationConfig.maxOutputTokens"],
  ])("%#: refuses a higher one, if it does not lower it", (table, members, param) => {
    const error = refusal(requestOf(table, members), { ...CAP, refusesExcess: true });
    expect(error).toMatchObject({ code: "policy_violation", param });
    expect(error!.detail).toContain("800 at most");
  });

  test("is set where it is absent, if it does not lower it", () => {
    const { body } = guarded(requestOf(OPENAI_CHAT, {}), { ...CAP, refusesExcess: true });
    expect(body).toMatchObject({ max_completion_tokens: 800 });
  });

  const FORMS = [
    "800.0",
    "8e2",
    "-1",
    "0",
    "1.5",
    '"800"',
    "true",
    "[800]",
    '{"a":800}',
    "-0",
    "1e0",
    "801.0",
  ];
  const NAMES = ["max_completion_tokens", "max_tokens", "n", "best_of"];
  test.each(NAMES.flatMap((name) => FORMS.map((form) => [name, form] as const)))(
    "%s of %s is refused, with a cap and without",
    (name, form) => {
      const minimal = JSON.stringify(OPENAI_CHAT.minimal);
      const body = `${minimal.slice(0, -1)},"${name}":${form}}`;
      const request = { provider: OPENAI_CHAT.provider, path: OPENAI_CHAT.path, body };
      for (const rules of [CAP, {}]) expect(refusal(request, rules)).toMatchObject({ param: name });
    },
  );
});

describe("several answers", () => {
  test.each<[RequestTable, Members]>([
    [OPENAI_CHAT, { n: 2 }],
    [OPENAI_CHAT, { best_of: 2 }],
    [GOOGLE_GENERATE, { generationConfig: { candidateCount: 2 } }],
  ])("%#: need an entry, and keep their cap", (table, members) => {
    expect(refusal(requestOf(table, members), CAP)?.detail).toContain('add "n" to allow');
    const rules: Partial<GuardRules> = { ...CAP, allow: new Set(["n"]) };
    expect(guarded(requestOf(table, members), rules).edits).toEqual(EDITED);
  });
});

describe("what the API would keep", () => {
  const stored = (members: Members, allow: readonly string[] = []) => {
    const { store: _, ...minimal } = OPENAI_RESPONSES.minimal;
    const { provider, path } = OPENAI_RESPONSES;
    return guarded({ provider, path, body: { ...minimal, ...members } }, { allow: new Set(allow) });
  };

  test.each<[Members, readonly string[]]>([
    [{}, ["store=false"]],
    [{ store: null }, ["store=false"]],
    [{ store: false }, []],
  ])("%j is not kept", (members, edits) => {
    const result = stored(members);
    expect(result.body).toMatchObject({ store: false });
    expect(result.edits).toEqual(edits);
  });

  test.each<Members>([{}, { store: true }, { store: null }])(
    "%j is left, if it is granted",
    (members) => {
      const result = stored(members, ["store"]);
      expect((result.body as Members)["store"]).toEqual(members["store"]);
      expect(result.edits).toEqual([]);
    },
  );
});
