import type { Hidden } from "./request_table.ts";

const FUNCTION = { name: "lookup", description: "Finds", parameters: {} };
const INLINE = { mimeType: "image/png", data: "AA==" };

const config = (members: object) => ({ generationConfig: members });
const parts = (...list: object[]) => ({ contents: [{ role: "user", parts: list }] });

const part = (what: string, value: object, param: string, ...entries: string[]): Hidden => ({
  what,
  body: parts({ text: "Hello" }, value),
  param: `contents[0].parts[1]${param}`,
  entries,
});

const FILE = {
  mimeType: "video/mp4",
  fileUri: "https://generativelanguage.googleapis.com/v1beta/files/1",
};

/** Requests with parts that no operation has without an entry. */
export const GEMINI_PARTS: readonly Hidden[] = [
  part("an image", { inlineData: INLINE }, ".inlineData", "images"),
  part("sound", { inlineData: { ...INLINE, mimeType: "audio/wav" } }, ".inlineData", "audio"),
  part(
    "a document",
    { inlineData: { ...INLINE, mimeType: "application/pdf" } },
    ".inlineData",
    "files",
  ),
  part(
    "an image of a type in capitals",
    { inlineData: { ...INLINE, mimeType: "IMAGE/PNG" } },
    ".inlineData",
    "files",
  ),
  part("a file of the account", { fileData: FILE }, ".fileData", "files", "state"),
  part(
    "a call of a function",
    { functionCall: { name: "lookup", args: {} } },
    ".functionCall",
    "tools",
  ),
  part(
    "the result of a function",
    { functionResponse: { name: "lookup", response: {} } },
    ".functionResponse",
    "tools",
  ),
  part(
    "a file as result of a function",
    { functionResponse: { name: "lookup", response: {}, parts: [{ fileData: FILE }] } },
    ".functionResponse",
    ...["tools", "files", "state"],
  ),
  part(
    "code that ran",
    { executableCode: { language: "PYTHON", code: "1" } },
    ".executableCode",
    "tools:codeExecution",
  ),
  part(
    "the result of code",
    { codeExecutionResult: { outcome: "OK" } },
    ".codeExecutionResult",
    "tools:codeExecution",
  ),
  part(
    "a call of a hosted tool",
    { toolCall: { toolType: "X" } },
    ".toolCall",
    "field:contents[].parts[].toolCall",
  ),
  part(
    "a resolution",
    { text: "x", mediaResolution: { level: "HIGH" } },
    ".mediaResolution",
    "images",
  ),
  part("a cut of a film", { text: "x", videoMetadata: { fps: 24 } }, ".videoMetadata", "files"),
  part(
    "processing",
    { text: "x", mediaProcessing: "X" },
    ".mediaProcessing",
    "field:contents[].parts[].mediaProcessing",
  ),
  {
    what: "a message with an unknown role",
    body: { contents: [{ role: "system", parts: [{ text: "Obey." }] }] },
    param: "contents[0].role",
    entries: ["field:contents[].role=system"],
  },
];

const tool = (name: string, value: object): Hidden => ({
  what: `the tool ${name}`,
  body: { tools: [{ [name]: value }] },
  param: `tools[0].${name}`,
  entries: [`tools:${name}`],
});

const TOOLS: readonly Hidden[] = [
  {
    what: "a function",
    body: { tools: [{ functionDeclarations: [FUNCTION] }] },
    param: "tools[0].functionDeclarations",
    entries: ["tools"],
  },
  tool("googleSearch", {}),
  tool("googleSearchRetrieval", {}),
  tool("googleMaps", {}),
  tool("urlContext", {}),
  tool("codeExecution", {}),
  tool("fileSearch", { fileSearchStoreNames: ["fileSearchStores/1"] }),
  tool("retrieval", { vertexAiSearch: {} }),
  tool("enterpriseWebSearch", {}),
  tool("exaAiSearch", {}),
  tool("parallelAiSearch", {}),
  tool("mcpServers", { name: "x" }),
  tool("computerUse", {}),
  tool("google_search", {}),
  {
    what: "a hosted tool beside a function",
    body: { tools: [{ functionDeclarations: [FUNCTION], googleSearch: {} }] },
    param: "tools[0].functionDeclarations",
    entries: ["tools", "tools:googleSearch"],
  },
];

const field = (what: string, body: object, param: string, ...entries: string[]): Hidden => ({
  what,
  body: { ...body },
  param,
  entries,
});

const setting = (name: string, value: unknown, entry = `field:generationConfig.${name}`) =>
  field(name, config({ [name]: value }), `generationConfig.${name}`, entry);

const FIELDS: readonly Hidden[] = [
  field("a cached prompt", { cachedContent: "cachedContents/1" }, "cachedContent", "state"),
  field("a log of the request", { store: true }, "store", "store"),
  field("a text", { store: "false" }, "store", "field:store=false"),
  field("another service tier", { serviceTier: "priority" }, "serviceTier", "service_tier"),
  field("labels", { labels: { team: "x" } }, "labels", "field:labels"),
  field(
    "a continued answer",
    { continuationToken: "AA==" },
    "continuationToken",
    "field:continuationToken",
  ),
  field(
    "a filter of the account",
    { modelArmorConfig: {} },
    "modelArmorConfig",
    "field:modelArmorConfig",
  ),
  field(
    "tools that ran at the provider",
    { toolConfig: { includeServerSideToolInvocations: true } },
    "toolConfig.includeServerSideToolInvocations",
    "field:toolConfig.includeServerSideToolInvocations",
  ),
  field(
    "a place",
    { toolConfig: { retrievalConfig: {} } },
    "toolConfig.retrievalConfig",
    "field:toolConfig.retrievalConfig",
  ),
  field(
    "images as output",
    config({ responseModalities: ["TEXT", "IMAGE"] }),
    "generationConfig.responseModalities[1]",
    "field:generationConfig.responseModalities[]=IMAGE",
  ),
  field(
    "sound as output",
    config({ responseModalities: ["AUDIO"] }),
    "generationConfig.responseModalities[0]",
    "audio",
  ),
  setting("candidateCount", 2, "n"),
  setting("speechConfig", { voiceConfig: { prebuiltVoiceConfig: { voiceName: "Kore" } } }, "audio"),
  setting("mediaResolution", "MEDIA_RESOLUTION_HIGH", "images"),
  setting("imageConfig", { imageSize: "4K" }),
  setting("modelSelectionConfig", { featureSelectionPreference: "PRIORITIZE_QUALITY" }),
  setting("routingConfig", { manualMode: { modelName: "gemini-3-pro" } }),
  setting("responseFormat", []),
  setting("audioTimestamp", true),
  setting("translationConfig", {}),
  setting("enableAffectiveDialog", true),
];

/** Requests with something hidden in them. */
export const GEMINI_HIDDEN: readonly Hidden[] = [...GEMINI_PARTS, ...TOOLS, ...FIELDS];
