import { createGoogleGenerativeAI, google as api } from "@ai-sdk/google";
import { aiSdkSubject } from "../ai_sdk.ts";
import { start } from "../start.ts";

start(
  aiSdkSubject(
    ["generateContent"],
    { tools: { google_search: api.tools.googleSearch({}) } },
    (base, apiKey) => {
      const google = createGoogleGenerativeAI({ baseURL: `${base}/v1beta`, apiKey });
      return { generateContent: google("gemini-test") };
    },
  ),
);
