import { anthropic, createAnthropic } from "@ai-sdk/anthropic";
import { aiSdkSubject } from "../ai_sdk.ts";
import { start } from "../start.ts";

start(
  aiSdkSubject(
    ["messages"],
    { tools: { web_search: anthropic.tools.webSearch_20250305() } },
    (base, token) => {
      // Only the one for tokens may be a function.
      const key = typeof token === "string" ? { apiKey: token } : { authToken: token };
      return { messages: createAnthropic({ baseURL: `${base}/v1`, ...key })("claude-test") };
    },
  ),
);
