import { createGoogleGenerativeAI } from "@ai-sdk/google";
import { aiSdkSubject } from "../ai_sdk.ts";
import { start } from "../start.ts";

start(
  aiSdkSubject(["generateContent"], (base, apiKey) => {
    const google = createGoogleGenerativeAI({ baseURL: `${base}/v1beta`, apiKey });
    return { generateContent: google("gemini-test") };
  }),
);
