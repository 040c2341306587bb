import { describe, expect, test } from "bun:test";
import { guarded, refusal, type TestRequest } from "./guarded.ts";
import { TABLES } from "./requests/tables.ts";

const GRANTED: readonly [model: string, granted: string, isGranted: boolean][] = [
  ["gpt-5-mini", "gpt-5-mini", true],
  ["gpt-5-mini", "gpt-5", false],
  ["gpt-5", "gpt-5-mini", false],
  ["GPT-5-mini", "gpt-5-mini", false],
  ["gpt-5-mini", "gpt-5*", true],
  ["gpt-5", "gpt-5*", true],
  ["gpt-5:ft", "gpt-5*", false],
  ["gpt-5@x", "gpt-5*", false],
  ["gpt-5/x", "gpt-5*", false],
  ["ft:gpt-5:org", "ft:gpt-5:org", true],
  ["meta/llama", "meta/*", true],
  ["x", "*", true],
  ["x/y", "*", false],
  ["gpt-5*", "gpt-5*", false],
  ["gpt-5.1_Mini-2", "gpt-5*", true],
  ...[
    " ",
    "\t",
    "\n",
    "\r",
    "\0",
    "\x7f",
    "\u00a0",
    ",",
    ";",
    "%",
    "%2f",
    "+",
    "=",
    "?",
    "#",
    "&",
    "|",
    "\\",
    '"',
    "~",
  ].map((text): [string, string, boolean] => [`gpt-5${text}x`, "gpt-5*", false]),
  ["gpt-5\n", "gpt-5*", false],
  ["gpt-5\u00e9", "gpt-5*", false],
  ["gpt-\uff15", "gpt-*", false],
  ["gpt 5,x", "gpt 5,x", true],
  ["gpt-5*", "gpt-5-mini", false],
];

describe("models", () => {
  const chat = (model: unknown): TestRequest => ({
    provider: "openai",
    path: "/v1/chat/completions",
    body: { model, messages: [] },
  });

  test.each(GRANTED)("%j under %j: %p", (model, granted, isGranted) => {
    expect(refusal(chat(model), { models: [[granted]] }) === undefined).toBe(isGranted);
  });

  test("must be granted by each list", () => {
    const models = [["gpt-5-mini", "gpt-5"], ["gpt-5*"], ["gpt-5"]];
    expect(() => guarded(chat("gpt-5"), { models })).not.toThrow();
    const error = refusal(chat("gpt-5-mini"), { models });
    expect(error).toMatchObject({ code: "model_not_granted", param: "model" });
    expect(error!.detail).toBe("The model gpt-5-mini is not granted. Granted: gpt-5.");
  });

  test("are all refused by an empty list", () => {
    expect(refusal(chat("gpt-5"), { models: [[]] })?.detail).toContain("Granted: none.");
  });

  test.each([[undefined], [null], [1], [["gpt-5"]], [{ name: "gpt-5" }]])("%p is none", (model) => {
    expect(refusal(chat(model), { models: [["gpt-5*", "*"]] })?.code).toBe("model_not_granted");
  });

  test("are not repeated when they are not plain names", () => {
    const error = refusal(chat(`<b>${"x".repeat(100)}`), { models: [["gpt-5"]] });
    expect(error!.detail).toBe("This model is not granted. Granted: gpt-5.");
  });

  test.each([...TABLES])("are checked in $operation", ({ provider, path, minimal }) => {
    const model = /eu\.anthropic\.[\w-]+|gemini|gpt|claude/.exec(
      `${path} ${String(minimal["model"])}`,
    )![0];
    const request = { provider, path, body: minimal };
    expect(() => guarded(request, { models: [[`${model}*`, `${model}:0`]] })).not.toThrow();
    expect(refusal(request, { models: [["other"]] })?.code).toBe("model_not_granted");
  });

  test.each<[unknown, boolean]>([
    [undefined, true],
    [null, true],
    ["known", true],
    ["models/known", true],
    ["other", false],
    ["models/other", false],
    ["tunedModels/known", false],
    [1, false],
  ])("of a list are that of the path, whatever is granted: %j: %p", (model, isGranted) => {
    const error = refusal({
      provider: "google",
      path: "/v1/models/known:batchEmbedContents",
      body: { requests: [{ content: {} }, { content: {}, model }] },
    });
    expect(error?.param).toBe(isGranted ? undefined : "requests[1].model");
  });

  test.each<[TestRequest, boolean]>([
    [{ provider: "openai", path: "/v1/models/gpt-5" }, true],
    [{ provider: "openai", path: "/v1/models/other" }, false],
    [{ provider: "anthropic", path: "/v1/models/gpt-5" }, true],
    [{ provider: "google", path: "/v1beta/models/other" }, false],
    [
      {
        provider: "google",
        path: "/v1/models/gpt-5:embedContent",
        body: { content: {}, model: "models/gpt-5" },
      },
      true,
    ],
    [
      {
        provider: "google",
        path: "/v1/models/gpt-5:embedContent",
        body: { content: {}, model: "models/other" },
      },
      false,
    ],
    [
      {
        provider: "google",
        path: "/v1/models/gpt-5:embedContent",
        body: { content: {}, model: "gpt-5" },
      },
      true,
    ],
    [
      {
        provider: "google",
        path: "/v1/models/gpt-5:embedContent",
        body: { content: {}, model: "tunedModels/gpt-5" },
      },
      false,
    ],
    ...[
      { requests: [{ content: {} }], isGranted: true },
      { requests: [{ content: {}, model: "models/gpt-5" }, { content: {} }], isGranted: true },
      { requests: [{ model: "models/gpt-5" }, { model: "models/other" }], isGranted: false },
      { requests: [{ model: "models/gpt-5" }, { model: null }], isGranted: false },
      { requests: [{ model: "tunedModels/gpt-5" }], isGranted: false },
    ].map(({ requests, isGranted }): [TestRequest, boolean] => [
      {
        provider: "google",
        path: "/v1/models/gpt-5:batchEmbedContents",
        body: { requests },
      },
      isGranted,
    ]),
    [
      {
        provider: "google",
        path: "/v1/models/other:batchEmbedContents",
        body: { requests: [{ model: "models/gpt-5" }] },
      },
      false,
    ],
    [
      {
        provider: "azure",
        path: "/openai/deployments/gpt-5/chat/completions",
        body: { messages: [], model: "other" },
      },
      false,
    ],
    [
      {
        provider: "azure",
        path: "/openai/deployments/gpt-5/chat/completions",
        body: { messages: [] },
      },
      true,
    ],
    [
      {
        provider: "azure",
        path: "/openai/v1/chat/completions",
        body: { messages: [], model: "gpt-5" },
      },
      true,
    ],
    [
      { provider: "azure", path: "/openai/v1/responses", body: { input: "", model: "other" } },
      false,
    ],
  ])("in the path and the body: %j: %p", (request, isGranted) => {
    const error = refusal(request, { models: [["gpt-5"]] });
    expect(error?.code).toBe(isGranted ? undefined : "model_not_granted");
  });
});
