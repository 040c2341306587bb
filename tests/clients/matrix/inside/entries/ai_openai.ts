import { createOpenAI, openai as api } from "@ai-sdk/openai";
import { aiSdkSubject } from "../ai_sdk.ts";
import { start } from "../start.ts";

start(
  aiSdkSubject(
    ["responses", "chat"],
    { tools: { web_search: api.tools.webSearch() } },
    (base, apiKey) => {
      const openai = createOpenAI({ baseURL: `${base}/v1`, apiKey });
      return { responses: openai("gpt-test"), chat: openai.chat("gpt-test") };
    },
  ),
);
