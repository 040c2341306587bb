import type { Operation } from "../operation.ts";
import {
  ANYTHING,
  COUNT,
  countAbove,
  list,
  needs,
  object,
  offUnless,
  SCALAR,
  scalarOrList,
  scalars,
} from "../shape.ts";
import { CHECKED } from "./checked.ts";
import { CONTENT, SYSTEM_INSTRUCTION } from "./parts.ts";

const VOICE = object({ prebuiltVoiceConfig: object({ voiceName: SCALAR }) });

const GENERATION_CONFIG = object({
  candidateCount: countAbove(1, "n"),
  maxOutputTokens: COUNT,

  enableEnhancedCivicAnswers: SCALAR,
  frequencyPenalty: SCALAR,
  logprobs: SCALAR,
  presencePenalty: SCALAR,
  responseJsonSchema: ANYTHING,
  responseLogprobs: SCALAR,
  responseMimeType: SCALAR,
  responseModalities: list(scalars(["TEXT"], { AUDIO: "audio" })),
  responseSchema: ANYTHING,
  seed: SCALAR,
  stopSequences: scalarOrList(SCALAR),
  temperature: SCALAR,
  thinkingConfig: object({
    includeThoughts: SCALAR,
    thinkingBudget: SCALAR,
    thinkingLevel: SCALAR,
  }),
  topK: SCALAR,
  topP: SCALAR,

  mediaResolution: needs("images", SCALAR),
  speechConfig: needs(
    "audio",
    object({
      languageCode: SCALAR,
      voiceConfig: VOICE,
      multiSpeakerVoiceConfig: object({
        speakerVoiceConfigs: list(object({ speaker: SCALAR, voiceConfig: VOICE })),
      }),
    }),
  ),
});

// Every other tool runs at the provider: each needs an entry of its own.
const TOOL = object(
  {
    functionDeclarations: needs(
      "tools",
      list(
        object({
          name: SCALAR,
          description: SCALAR,
          behavior: SCALAR,
          parameters: ANYTHING,
          parametersJsonSchema: ANYTHING,
          response: ANYTHING,
          responseJsonSchema: ANYTHING,
        }),
      ),
    ),
  },
  "tools:",
);

const BODY = object({
  contents: list(CONTENT),
  generationConfig: GENERATION_CONFIG,
  systemInstruction: SYSTEM_INSTRUCTION,
  safetySettings: list(object({ category: SCALAR, threshold: SCALAR, method: SCALAR })),
  toolConfig: object({
    functionCallingConfig: object({ mode: SCALAR, allowedFunctionNames: list(SCALAR) }),
  }),
  tools: list(TOOL),

  cachedContent: needs("state", SCALAR),
  serviceTier: needs("service_tier", SCALAR),
  store: offUnless("store"),
});

/**
 * The most input tokens of an image, of 2026-11-29: up to 16 tiles of 258 tokens
 * (https://ai.google.dev/gemini-api/docs/image-understanding).
 */
export const IMAGE = 4_128;

/** What an element of a list has that counts the tokens of audio. */
const AUDIO = { member: "modality", text: "AUDIO", number: "tokenCount" };

/** `POST …/models/{model}:generateContent`. */
export const GENERATE: Operation = {
  name: "Gemini generateContent",
  task: "generate_content",
  checked: CHECKED,
  method: "POST",
  path: "/models/{model}:generateContent",
  body: BODY,
  caps: [["generationConfig", "maxOutputTokens"]],
  multiplicity: [["generationConfig", "candidateCount"]],
  system: { form: "content", member: "systemInstruction" },
  usage: {
    body: "usageMetadata",
    model: "modelVersion",
    failure: "error",
    events: {
      markers: ['"usageMetadata"', '"candidates"', '"blockReason"', '"error"'],
      places: [["usageMetadata"]],
      models: [["modelVersion"]],
      last: {
        candidates: "candidates",
        reason: "finishReason",
        blocked: ["promptFeedback", "blockReason"],
      },
    },
    input: [["promptTokenCount"], ["toolUsePromptTokenCount"]],
    output: [["candidatesTokenCount"], ["thoughtsTokenCount"]],
    total: ["totalTokenCount"],
    cached: ["cachedContentTokenCount"],
    reasoning: ["thoughtsTokenCount"],
    audioInput: { list: "promptTokensDetails", ...AUDIO },
    audioOutput: { list: "candidatesTokensDetails", ...AUDIO },
    omitsZeros: true,
  },
  tokens: {
    image: IMAGE,
    leastCap: 16,
    usualCap: 8_192,
    schemas: [
      ["generationConfig", "responseSchema"],
      ["generationConfig", "responseJsonSchema"],
    ],
  },
  // Without it, the tier is the usual one.
  tiers: [{ path: ["serviceTier"], standard: "standard", isImplied: true }],
};

/** The same, as a stream: of events with `alt=sse`, of elements of a list without it. */
export const STREAM_GENERATE: Operation = {
  ...GENERATE,
  name: "Gemini streamGenerateContent",
  task: "generate_content",
  path: "/models/{model}:streamGenerateContent",
  cut: "google",
};
