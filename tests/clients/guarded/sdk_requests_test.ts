import { createOpenAI } from "@ai-sdk/openai";
import { generateText } from "ai";
import { describe, expect, test } from "bun:test";
import { CONVERSATIONS } from "../heartbeats/conversations.ts";
import { answerTo, cutStream, type TextForm } from "./answers.ts";
import { forwardedText, guardingApi } from "./guarding_api.ts";
import { SDK_CALLS } from "./sdk_requests.ts";

describe("a guard that opens nothing", () => {
  test.each([...SDK_CALLS])("leaves the requests of $sdk unchanged", async ({ count, call }) => {
    await using api = guardingApi({}, answerTo);
    await call(api.url);
    expect(api.errors).toEqual([]);
    expect(api.requests).toHaveLength(count);
    for (const request of api.requests) {
      expect(forwardedText(request)).toBe(request.sent);
      expect(request.guarded.edits).toEqual([]);
    }
    const names = new Set(api.requests.flatMap(({ headers }) => headers));
    for (const name of ["authorization", "x-api-key", "x-goog-api-key", "api-key"]) {
      expect(names).not.toContain(name);
    }
  });

  test("tells the AI SDK that responses are not stored", async () => {
    await using api = guardingApi({ maxOutputTokens: 800 }, answerTo);
    const { responses } = createOpenAI({ baseURL: `${api.url}/openai/v1`, apiKey: "none" });
    await generateText({ model: responses("gpt-5-mini"), prompt: "Hello", maxRetries: 0 });
    expect(api.errors).toEqual([]);
    const [request] = api.requests;
    expect(request!.guarded.edits).toEqual(["max_output_tokens=800", "store=false"]);
    expect(request!.guarded.body).toMatchObject({ max_output_tokens: 800, store: false });
  });
});

const FORMS: readonly [TextForm, readonly string[]][] = [
  [
    "chat",
    ["openai-6 chat", "openai chat", "openai-6 azure", "openai azure", "@ai-sdk/openai chat"],
  ],
  ["responses", ["openai-6 responses", "openai responses", "@ai-sdk/openai responses"]],
  ["anthropic", ["anthropic-0", "@anthropic-ai/sdk", "@ai-sdk/anthropic"]],
  ["google", ["genai-1", "genai-2", "genai-3", "@ai-sdk/google"]],
];

const CUT = { code: "bytes_exhausted", message: "The token's bytes are used up.", status: 403 };

describe("a stream that ends early", () => {
  test.each(FORMS.flatMap(([form, sdks]) => sdks.map((sdk) => [form, sdk] as const)))(
    "in the form of %s is an error for %s",
    async (form, sdk) => {
      await using server = Bun.serve({ port: 0, fetch: () => cutStream(form, CUT) });
      const talk = async () => {
        for await (const _ of CONVERSATIONS[sdk]!(server.url.href.replace(/\/$/, ""))) continue;
      };
      const error: unknown = await talk().then(
        () => undefined,
        (reason: unknown) => reason,
      );
      expect(`${String(error)} ${JSON.stringify(error)}`).toContain(CUT.message);
    },
  );
});
