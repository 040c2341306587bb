import { createOpenAICompatible } from "@ai-sdk/openai-compatible";
import { aiSdkSubject } from "../ai_sdk.ts";
import { start } from "../start.ts";

start(
  // It has no tools of a provider.
  aiSdkSubject(
    ["chat"],
    { providerOptions: { openai: { service_tier: "priority" } } },
    (base, apiKey) => {
      const settings = { name: "openai", baseURL: `${base}/v1`, apiKey, includeUsage: true };
      return { chat: createOpenAICompatible(settings)("gpt-test") };
    },
  ),
);
