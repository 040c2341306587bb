import { describe, expect, test } from "bun:test";
import { formatJson } from "../../../../../lib/signing/verify.ts";
import { guarded, type TestRequest, toJson } from "./guarded.ts";
import { OPENAI_CHAT } from "./requests/openai_chat.ts";
import { OPENAI_RESPONSES } from "./requests/openai_responses.ts";

const GRANTED = { models: [["gpt-5*", "claude-haiku"], ["gpt-5*"]] };

function edited(request: TestRequest, answer: unknown, rules: object = GRANTED): unknown {
  const { response } = guarded(request, rules);
  return JSON.parse(formatJson(response!.edit(toJson(answer))!));
}

describe("a list of models", () => {
  const openai = { provider: "openai", path: "/v1/models" } as const;
  const anthropic = { provider: "anthropic", path: "/v1/models" } as const;
  const google = { provider: "google", path: "/v1beta/models" } as const;
  const page = (has_more: boolean) => ({ first_id: "a", last_id: "b", has_more });

  test.each<[TestRequest, unknown, unknown]>([
    [
      openai,
      {
        object: "list",
        data: [{ id: "gpt-5" }, { id: "gpt-4" }, { id: "gpt-5-mini", x: 1 }, {}, "gpt-5"],
      },
      { object: "list", data: [{ id: "gpt-5" }, { id: "gpt-5-mini", x: 1 }] },
    ],
    [
      openai,
      { data: [{ id: "gpt-4" }], models: [{ name: "gpt-4" }, { name: "gpt-5" }] },
      { data: [], models: [{ name: "gpt-5" }] },
    ],
    [openai, [{ id: "gpt-4" }, { id: "gpt-5" }], [{ id: "gpt-5" }]],
    [openai, { error: { message: "no" } }, { error: { message: "no" } }],
    [openai, 4, null],
    [openai, { data: [{ id: "gpt-4", name: "gpt-5" }] }, { data: [] }],
    [
      anthropic,
      { data: [{ id: "gpt-4" }], ...page(true) },
      { data: [], first_id: null, last_id: "b", has_more: true },
    ],
    [
      anthropic,
      { data: [], ...page(false) },
      { data: [], first_id: null, last_id: null, has_more: false },
    ],
    [
      anthropic,
      {
        data: [{ id: "gpt-4" }, { id: "gpt-5" }, { id: "gpt-5-mini" }, { id: "gpt-3" }],
        ...page(true),
      },
      {
        data: [{ id: "gpt-5" }, { id: "gpt-5-mini" }],
        first_id: "gpt-5",
        last_id: "gpt-5-mini",
        has_more: true,
      },
    ],
    [
      anthropic,
      { data: [{ id: "gpt-5" }, { id: "gpt-4" }], ...page(false) },
      { data: [{ id: "gpt-5" }], first_id: "gpt-5", last_id: "gpt-5", has_more: false },
    ],
    [
      google,
      {
        models: [{ name: "models/gpt-5" }, { name: "models/gpt-4" }, { name: "tunedModels/gpt-5" }],
        nextPageToken: "x",
      },
      { models: [{ name: "models/gpt-5" }], nextPageToken: "x" },
    ],
  ])("%#: has only granted ones", (request, answer, expected) => {
    expect(edited(request, answer)).toEqual(expected);
  });

  test("is left as it is when all models are granted", () => {
    expect(guarded(openai).response).toBeUndefined();
  });
});

describe("an answer of responses", () => {
  const { provider, path, minimal } = OPENAI_RESPONSES;
  const request = { provider, path, body: minimal };
  const SYSTEM = { system: "Be brief." };

  test.each<[unknown, unknown]>([
    [
      { id: "r", instructions: "Be brief.", output: [1.5] },
      { id: "r", output: [1.5] },
    ],
    [
      {
        type: "response.completed",
        response: { id: "r", instructions: [{ content: "Be brief." }] },
      },
      { type: "response.completed", response: { id: "r" } },
    ],
    [
      { type: "response.output_text.delta", delta: "instructions" },
      { type: "response.output_text.delta", delta: "instructions" },
    ],
    [{ error: { message: "no" } }, { error: { message: "no" } }],
    [["instructions"], ["instructions"]],
  ])("%#: has no instructions", (answer, expected) => {
    expect(edited(request, answer, SYSTEM)).toEqual(expected);
  });

  test("is read only when a policy sets them", () => {
    expect(guarded(request).response).toBeUndefined();
    const chat = {
      provider: OPENAI_CHAT.provider,
      path: OPENAI_CHAT.path,
      body: OPENAI_CHAT.minimal,
    };
    expect(guarded(chat, SYSTEM).response).toBeUndefined();
  });
});
