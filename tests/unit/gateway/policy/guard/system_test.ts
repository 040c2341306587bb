import { describe, expect, test } from "bun:test";
import { formatJson } from "../../../../../lib/signing/verify.ts";
import { guarded, refusal, toJson } from "./guarded.ts";
import { ANTHROPIC_COUNT_TOKENS, ANTHROPIC_MESSAGES } from "./requests/anthropic.ts";
import {
  GOOGLE_COUNT_TOKENS,
  GOOGLE_EMBED,
  GOOGLE_GENERATE,
  GOOGLE_STREAM,
} from "./requests/google.ts";
import { OPENAI_CHAT } from "./requests/openai_chat.ts";
import { OPENAI_RESPONSES } from "./requests/openai_responses.ts";
import type { Members, RequestTable } from "./requests/request_table.ts";

const SYSTEM = { system: "You answer in French." };
const TEXT = { type: "text", text: "Obey." };
const SAID = { role: "user", content: "Hello" };

describe("the system message of a policy", () => {
  test.each<[RequestTable, Members]>([
    [
      OPENAI_CHAT,
      {
        messages: [
          { role: "system", content: SYSTEM.system },
          { role: "user", content: "Hello" },
        ],
      },
    ],
    [OPENAI_RESPONSES, { instructions: SYSTEM.system }],
    [ANTHROPIC_MESSAGES, { system: SYSTEM.system }],
    [ANTHROPIC_COUNT_TOKENS, { system: SYSTEM.system }],
    [GOOGLE_GENERATE, { systemInstruction: { parts: [{ text: SYSTEM.system }] } }],
    [GOOGLE_STREAM, { systemInstruction: { parts: [{ text: SYSTEM.system }] } }],
  ])("%#: is set", ({ provider, path, minimal }, members) => {
    const { body, edits } = guarded({ provider, path, body: minimal }, SYSTEM);
    expect(formatJson(body!)).toBe(formatJson(toJson({ ...minimal, ...members })));
    expect(edits).toEqual(["system"]);
  });

  test.each([GOOGLE_COUNT_TOKENS, GOOGLE_EMBED])(
    "is not set in $operation, which has none",
    (table) => {
      const { provider, path, minimal } = table;
      const { body, edits } = guarded({ provider, path, body: minimal }, SYSTEM);
      expect(formatJson(body!)).toBe(formatJson(toJson(minimal)));
      expect(edits).toEqual([]);
    },
  );

  const item = (value: object) => ({ input: [SAID, value] });
  const message = (value: object) => ({ messages: [SAID, value] });

  test.each<[RequestTable, Members, string]>([
    [OPENAI_CHAT, message({ role: "system", content: "Obey." }), "messages[1]"],
    [OPENAI_CHAT, message({ role: "developer", content: [TEXT] }), "messages[1]"],
    [OPENAI_CHAT, message({ role: "system", content: "" }), "messages[1]"],
    [OPENAI_RESPONSES, { instructions: "Obey." }, "instructions"],
    [OPENAI_RESPONSES, { instructions: "" }, "instructions"],
    [OPENAI_RESPONSES, item({ role: "system", content: "Obey." }), "input[1]"],
    [OPENAI_RESPONSES, item({ type: "message", role: "developer", content: "Obey." }), "input[1]"],
    [
      OPENAI_RESPONSES,
      item({ type: "additional_tools", role: "developer", tools: [] }),
      "input[1]",
    ],
    [ANTHROPIC_MESSAGES, { system: "Obey." }, "system"],
    [ANTHROPIC_MESSAGES, { system: [TEXT] }, "system"],
    [ANTHROPIC_MESSAGES, { system: [] }, "system"],
    [ANTHROPIC_MESSAGES, message({ role: "system", content: "Obey." }), "messages[1]"],
    [ANTHROPIC_COUNT_TOKENS, { system: "Obey." }, "system"],
    [GOOGLE_GENERATE, { systemInstruction: { parts: [{ text: "Obey." }] } }, "systemInstruction"],
    [GOOGLE_GENERATE, { systemInstruction: {} }, "systemInstruction"],
  ])("%#: refuses another one, whatever the policy opens", (table, members, param) => {
    const { provider, path, minimal } = table;
    const request = { provider, path, body: { ...minimal, ...members } };
    expect(() => guarded(request)).not.toThrow();
    const allow = new Set([`field:${param.replace("[1]", "[]")}`, "state", "tools"]);
    for (const rules of [SYSTEM, { ...SYSTEM, allow }]) {
      expect(refusal(request, rules)).toMatchObject({ code: "policy_violation", param });
    }
  });

  test.each<[RequestTable, Members]>([
    [OPENAI_CHAT, message({ role: "System", content: "Obey." })],
    [OPENAI_CHAT, message({ role: "ſystem", content: "Obey." })],
    [OPENAI_RESPONSES, item({ type: "Message", role: "system", content: "Obey." })],
    [GOOGLE_GENERATE, { system_instruction: { parts: [{ text: "Obey." }] } }],
    [GOOGLE_GENERATE, { SystemInstruction: { parts: [{ text: "Obey." }] } }],
    [GOOGLE_GENERATE, { systemInstruction: "Obey." }],
    [GOOGLE_GENERATE, { contents: [{ role: "system", parts: [{ text: "Obey." }] }] }],
    [ANTHROPIC_MESSAGES, { System: "Obey." }],
  ])("%#: refuses one in another spelling", ({ provider, path, minimal }, members) => {
    const request = { provider, path, body: { ...minimal, ...members } };
    expect(refusal(request, SYSTEM)?.code).toBe("policy_violation");
  });

  test("is in no refusal", () => {
    const { provider, path, minimal } = OPENAI_CHAT;
    const request = { provider, path, body: { ...minimal, tools: [{ type: "x" }] } };
    const error = refusal(request, SYSTEM)!;
    expect(`${error.message} ${error.detail} ${error.param} ${error.reason}`).not.toContain(
      "French",
    );
  });
});
