import { ANTHROPIC_COUNT_TOKENS, ANTHROPIC_MESSAGES } from "./anthropic.ts";
import { BEDROCK_TABLES } from "./bedrock.ts";
import {
  GOOGLE_BATCH_EMBED,
  GOOGLE_COUNT_TOKENS,
  GOOGLE_EMBED,
  GOOGLE_GENERATE,
  GOOGLE_STREAM,
} from "./google.ts";
import { OPENAI_CHAT } from "./openai_chat.ts";
import { OPENAI_RESPONSES } from "./openai_responses.ts";
import type { RequestTable } from "./request_table.ts";

const OPENAI_EMBEDDINGS: RequestTable = {
  operation: "OpenAI embeddings",
  provider: "openai",
  path: "/v1/embeddings",
  minimal: { model: "gpt-5-mini", input: "Hello" },
  options: [
    { input: ["Hello", "world"] },
    { input: [1, 2, 3] },
    { input: [[1, 2], [3]] },
    { dimensions: 256 },
    { encoding_format: "base64" },
    { user: "user-1" },
  ],
  hidden: [
    {
      what: "a file",
      body: { input: { file_id: "file-1" } },
      param: "input",
      entries: [],
    },
    {
      what: "a stored result",
      body: { store: true },
      param: "store",
      entries: ["field:store"],
    },
  ],
};

const OPENAI = [OPENAI_CHAT, OPENAI_RESPONSES, OPENAI_EMBEDDINGS];

// Of a deployment, whose name is in the path.
const AZURE = OPENAI.map((table) => ({
  ...table,
  operation: `Azure ${table.operation}`,
  provider: "azure" as const,
  path: `/openai/deployments/gpt-5-mini${table.path.slice("/v1".length)}?api-version=2026-10-01-preview`,
}));

const AZURE_RESPONSES = {
  ...OPENAI_RESPONSES,
  operation: "Azure OpenAI responses of a resource",
  provider: "azure" as const,
  path: "/openai/responses?api-version=2026-10-01-preview",
};

// The rule's url has the project and the location.
const VERTEX = [GOOGLE_GENERATE, GOOGLE_STREAM, GOOGLE_COUNT_TOKENS].map((table) => ({
  ...table,
  operation: table.operation.replace("Gemini", "Vertex"),
  provider: "vertex" as const,
  path: table.path.replace("/v1beta", "/v1"),
}));

/** The requests of all operations that have a body. */
export const TABLES: readonly RequestTable[] = [
  ...OPENAI,
  ...AZURE,
  AZURE_RESPONSES,
  ANTHROPIC_MESSAGES,
  ANTHROPIC_COUNT_TOKENS,
  GOOGLE_GENERATE,
  GOOGLE_STREAM,
  GOOGLE_COUNT_TOKENS,
  GOOGLE_EMBED,
  GOOGLE_BATCH_EMBED,
  ...VERTEX,
  ...BEDROCK_TABLES,
];
