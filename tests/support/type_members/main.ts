// Writes the request types of the official SDKs as data, against which the tables of the providers are tested:
//   bun tests/support/type_members/main.ts FOLDER
// FOLDER has the SDKs in its node_modules, in the versions that the tables name:
//   bun add --exact openai@7.59.0 @anthropic-ai/sdk@1.14.0 @google/genai@3.3.0 \
//     @aws-sdk/client-bedrock-runtime@3.1164.0
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Files, readFile } from "./declarations.ts";
import { type Places, placesOf } from "./members.ts";
import { ShapeReader } from "./shapes.ts";

/** The request of an operation: its types in the SDK, by where they are in the body. */
interface Request {
  package: string;
  file: string;
  types: readonly (readonly [at: string, type: string])[];
}

const CHAT = "resources/chat/completions/completions.d.ts";
const GENAI = { package: "@google/genai", file: "dist/genai.d.ts" };
const CLAUDE = { package: "@anthropic-ai/sdk", file: "resources/beta/messages/messages.d.ts" };

/** The requests, by the names of the operations in the tables of the providers. */
const REQUESTS: Readonly<Record<string, Request>> = {
  "OpenAI chat": { package: "openai", file: CHAT, types: [["", "ChatCompletionCreateParamsBase"]] },
  "OpenAI responses": {
    package: "openai",
    file: "resources/responses/responses.d.ts",
    types: [["", "ResponseCreateParamsBase"]],
  },
  "OpenAI embeddings": {
    package: "openai",
    file: "resources/embeddings.d.ts",
    types: [["", "EmbeddingCreateParams"]],
  },
  "Anthropic messages": { ...CLAUDE, types: [["", "MessageCreateParamsBase"]] },
  // The SDK moves members of its configuration to either place.
  "Gemini generateContent": {
    ...GENAI,
    types: [
      ["", "GenerateContentConfig"],
      ["generationConfig", "GenerateContentConfig"],
      ["generationConfig", "GenerationConfig"],
      ["contents[]", "Content"],
      ["systemInstruction", "Content"],
      ["tools[]", "Tool"],
    ],
  },
  "Bedrock converse": {
    package: "@aws-sdk/client-bedrock-runtime",
    file: "dist-types/models/models_0.d.ts",
    types: [["", "ConverseRequest"]],
  },
  "Gemini embedContent": {
    ...GENAI,
    types: [
      ["", "EmbedContentConfig"],
      ["content", "Content"],
    ],
  },
};

const OUTPUT = join(import.meta.dirname, "../../vectors/type_members.json");

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: bun tests/support/type_members/main.ts FOLDER");
const operations = Object.entries(REQUESTS).map(([name, request]) => [name, read(folder, request)]);
const comment =
  "Made by tests/support/type_members/main.ts from the type definitions of the packages under source.";
writeFileSync(
  OUTPUT,
  `${JSON.stringify({ comment, operations: Object.fromEntries(operations) }, null, 1)}\n`,
);

function read(root: string, request: Request): { source: string; places: Places } {
  const at = join(root, "node_modules", request.package);
  const { version } = JSON.parse(readFileSync(join(at, "package.json"), "utf8")) as {
    version: string;
  };
  const files: Files = new Map();
  const scope = readFile(join(at, request.file), files);
  const reader = new ShapeReader(files);
  const roots = request.types.map(
    ([place, type]) => [place, reader.readNamed(type, scope)] as const,
  );
  return { source: `${request.package} ${version} (npm)`, places: placesOf(roots, reader) };
}
