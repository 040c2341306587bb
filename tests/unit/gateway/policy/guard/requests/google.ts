import { GEMINI_HIDDEN, GEMINI_PARTS } from "./google_hidden.ts";
import type { Hidden, RequestTable } from "./request_table.ts";

const SCHEMA = { type: "OBJECT", properties: { city: { type: "STRING" } } };
const INLINE = { mimeType: "image/png", data: "AA==" };
const FILE = {
  mimeType: "video/mp4",
  fileUri: "https://generativelanguage.googleapis.com/v1beta/files/1",
};

const config = (members: object) => ({ generationConfig: members });
const field = (what: string, body: object, param: string, ...entries: string[]): Hidden => ({
  what,
  body: { ...body },
  param,
  entries,
});

const GENERATE: Omit<RequestTable, "operation" | "path"> = {
  provider: "google",
  minimal: {
    contents: [{ role: "user", parts: [{ text: "Hello" }] }],
    generationConfig: { maxOutputTokens: 500 },
  },
  options: [
    config({ candidateCount: 1 }),
    config({ enableEnhancedCivicAnswers: false }),
    config({ frequencyPenalty: 0.5, presencePenalty: 0.5 }),
    config({ responseLogprobs: true, logprobs: 3 }),
    config({ responseMimeType: "application/json", responseSchema: SCHEMA }),
    config({ responseMimeType: "application/json", responseJsonSchema: { type: "object" } }),
    config({ responseModalities: ["TEXT"] }),
    config({ seed: 7 }),
    config({ stopSequences: ["END"] }),
    config({ temperature: 0.7, topK: 40, topP: 0.9 }),
    config({
      thinkingConfig: { includeThoughts: true, thinkingBudget: 1024, thinkingLevel: "LOW" },
    }),
    {
      safetySettings: [
        { category: "HARM_CATEGORY_HARASSMENT", threshold: "BLOCK_NONE", method: "SEVERITY" },
      ],
    },
    { store: false },
    { tools: [] },
    { systemInstruction: { role: "user", parts: [{ text: "Be brief." }] } },
    { toolConfig: { functionCallingConfig: { mode: "NONE", allowedFunctionNames: [] } } },
    {
      contents: [
        { role: "user", parts: [{ text: "Hello" }] },
        {
          role: "model",
          parts: [{ text: "So", thought: true, thoughtSignature: "AA==" }, { text: "Hi" }],
        },
        { parts: [{ text: "Go on." }] },
      ],
    },
  ],
  hidden: GEMINI_HIDDEN,
};

/** Requests of generateContent. */
export const GOOGLE_GENERATE: RequestTable = {
  ...GENERATE,
  operation: "Gemini generateContent",
  path: "/v1beta/models/gemini-3-flash:generateContent",
};

/** The same requests, for a stream. */
export const GOOGLE_STREAM: RequestTable = {
  ...GENERATE,
  operation: "Gemini streamGenerateContent",
  path: "/v1/models/gemini-3-flash:streamGenerateContent?alt=sse",
};

/** Requests that count tokens. */
export const GOOGLE_COUNT_TOKENS: RequestTable = {
  operation: "Gemini countTokens",
  provider: "google",
  path: "/v1beta/models/gemini-3-flash:countTokens",
  minimal: { contents: [{ role: "user", parts: [{ text: "Hello" }] }] },
  options: [
    { contents: [{ parts: [{ text: "Hello", thought: false, thoughtSignature: "AA==" }] }] },
  ],
  hidden: [
    ...GEMINI_PARTS,
    field(
      "a request inside, with a model of its own",
      { generateContentRequest: { model: "models/gemini-3-pro", contents: [] } },
      "generateContentRequest",
      "field:generateContentRequest",
    ),
  ],
};

/** Requests of embeddings. */
export const GOOGLE_EMBED: RequestTable = {
  operation: "Gemini embedContent",
  provider: "google",
  path: "/v1beta/models/gemini-3-flash:embedContent",
  minimal: { content: { parts: [{ text: "Hello" }] } },
  options: [
    { model: "models/gemini-3-flash" },
    { taskType: "RETRIEVAL_DOCUMENT", title: "A" },
    { content: { parts: [{ text: "Hello", thought: false, thoughtSignature: "AA==" }] } },
    { outputDimensionality: 256 },
  ],
  hidden: [
    field(
      "an image",
      { content: { parts: [{ inlineData: INLINE }] } },
      "content.parts[0].inlineData",
      "images",
    ),
    field(
      "a file of the account",
      { content: { parts: [{ fileData: FILE }] } },
      "content.parts[0].fileData",
      "files",
      "state",
    ),
    field("reading of documents", { documentOcr: true }, "documentOcr", "field:documentOcr"),
    field(
      "the sound of a film",
      { audioTrackExtraction: true },
      "audioTrackExtraction",
      "field:audioTrackExtraction",
    ),
  ],
};

const EMBEDDING = { model: "models/gemini-3-flash", content: { parts: [{ text: "Hello" }] } };
const batch = (...requests: object[]) => ({ requests });
const embedding = (members: object) => batch(EMBEDDING, { ...EMBEDDING, ...members });

/** Requests of several embeddings at once. */
export const GOOGLE_BATCH_EMBED: RequestTable = {
  operation: "Gemini batchEmbedContents",
  provider: "google",
  path: "/v1beta/models/gemini-3-flash:batchEmbedContents",
  minimal: batch(EMBEDDING),
  options: [
    batch(),
    batch({ content: EMBEDDING.content }),
    embedding({ taskType: "RETRIEVAL_DOCUMENT", title: "A" }),
    embedding({
      content: { role: "user", parts: [{ text: "Hi", thought: false, thoughtSignature: "AA==" }] },
    }),
    embedding({ outputDimensionality: 256 }),
  ],
  hidden: [
    field(
      "an image in the second request",
      embedding({ content: { parts: [{ inlineData: INLINE }] } }),
      "requests[1].content.parts[0].inlineData",
      "images",
    ),
    field(
      "a file of the account in the second request",
      embedding({ content: { parts: [{ fileData: FILE }] } }),
      "requests[1].content.parts[0].fileData",
      "files",
      "state",
    ),
    field(
      "reading of documents",
      embedding({ documentOcr: true }),
      "requests[1].documentOcr",
      "field:requests[].documentOcr",
    ),
    field("a model beside the list", { model: "models/gemini-3-pro" }, "model", "field:model"),
    field("a request that is no list", { requests: EMBEDDING }, "requests"),
    field("a list in the list", batch([EMBEDDING] as object), "requests[0]"),
  ],
};
