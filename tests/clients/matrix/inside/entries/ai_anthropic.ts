import { createAnthropic } from "@ai-sdk/anthropic";
import { aiSdkSubject } from "../ai_sdk.ts";
import { start } from "../start.ts";

start(
  aiSdkSubject(["messages"], (base, token) => {
    // Only the one for tokens may be a function.
    const key = typeof token === "string" ? { apiKey: token } : { authToken: token };
    return { messages: createAnthropic({ baseURL: `${base}/v1`, ...key })("claude-test") };
  }),
);
