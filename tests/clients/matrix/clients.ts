import { PYTHON_SDKS } from "../python/provider_sdks.ts";
import packages from "./package.json";

/** The APIs that the clients are for. */
export type Api = "openai" | "anthropic" | "google";

/** Where a client runs. */
export type Runtime = "Node 20" | "Node 22" | "Chromium" | "Python";

/** An official client. */
export interface Client {
  /** A file in `inside/entries/`, or a client in `inside/clients.py`. */
  entry: string;
  /** Its packages, with their versions, and the names by which they are installed. */
  packages: readonly { name: string; version: string; installed: string }[];
  api: Api;
  /** Node is named where the package's `engines` allows it. */
  runtimes: readonly Runtime[];
  /** What it is asked for. */
  talks: readonly string[];
  /** The class of its error for status 401. */
  error: string;
  /** The class of its error for status 403. */
  denied: string;
  /** The field at fault when it asks for more than a policy grants, and the entry of `allow` that would open it. */
  more: { param: string; entry: string };
  /** Whether it takes a function as its key. */
  takesProvider: boolean;
}

const NEWER: readonly Runtime[] = ["Node 22", "Chromium"];
const ALL: readonly Runtime[] = ["Node 20", ...NEWER];
const PYTHON: readonly Runtime[] = ["Python"];

const OPENAI = {
  api: "openai",
  talks: wholeAndStreamed("chat", "responses"),
  error: "AuthenticationError",
  denied: "PermissionDeniedError",
  more: { param: "tools[0].type", entry: "tools:web_search" },
} as const;
const ANTHROPIC = {
  api: "anthropic",
  talks: wholeAndStreamed("messages"),
  error: "AuthenticationError",
  denied: "PermissionDeniedError",
  more: { param: "tools[0].type", entry: "tools:web_search" },
  takesProvider: false,
} as const;
const GOOGLE = {
  api: "google",
  talks: wholeAndStreamed("generateContent"),
  more: { param: "tools[0].googleSearch", entry: "tools:googleSearch" },
  takesProvider: false,
} as const;
const COUNTING = {
  anthropic: { ...ANTHROPIC, talks: [...ANTHROPIC.talks, "count tokens"] },
  google: {
    ...GOOGLE,
    talks: [...GOOGLE.talks, "countTokens"],
    error: "ApiError",
    denied: "ApiError",
  },
};
const AI_SDK = {
  error: "APICallError",
  denied: "APICallError",
  takesProvider: true,
  runtimes: NEWER,
};

/** Every client. */
export const CLIENTS: readonly Client[] = [
  { entry: "openai_7", packages: npm("openai"), ...OPENAI, takesProvider: true, runtimes: NEWER },
  { entry: "openai_6", packages: npm("openai-6"), ...OPENAI, takesProvider: true, runtimes: ALL },
  {
    entry: "anthropic_1",
    packages: npm("@anthropic-ai/sdk"),
    ...COUNTING.anthropic,
    takesProvider: true,
    runtimes: ALL,
  },
  { entry: "anthropic_0", packages: npm("anthropic-0"), ...COUNTING.anthropic, runtimes: ALL },
  { entry: "google_3", packages: npm("@google/genai"), ...COUNTING.google, runtimes: NEWER },
  { entry: "google_2", packages: npm("genai-2"), ...COUNTING.google, runtimes: ALL },
  { entry: "google_1", packages: npm("genai-1"), ...COUNTING.google, runtimes: ALL },
  {
    entry: "ai_openai",
    packages: npm("ai", "@ai-sdk/openai"),
    ...OPENAI,
    ...AI_SDK,
    talks: wholeAndStreamed("responses", "chat"),
    more: { param: "include[0]", entry: "tools:web_search" },
  },
  {
    entry: "ai_openai_compatible",
    packages: npm("ai", "@ai-sdk/openai-compatible"),
    ...OPENAI,
    ...AI_SDK,
    talks: wholeAndStreamed("chat"),
    more: { param: "service_tier", entry: "service_tier" },
  },
  { entry: "ai_anthropic", packages: npm("ai", "@ai-sdk/anthropic"), ...ANTHROPIC, ...AI_SDK },
  { entry: "ai_google", packages: npm("ai", "@ai-sdk/google"), ...GOOGLE, ...AI_SDK },
  {
    entry: "langchain",
    packages: npm("@langchain/openai"),
    ...OPENAI,
    takesProvider: true,
    runtimes: ALL,
  },
  { entry: "openai", packages: pypi("openai"), ...OPENAI, takesProvider: false, runtimes: PYTHON },
  { entry: "anthropic", packages: pypi("anthropic"), ...ANTHROPIC, runtimes: PYTHON },
  {
    entry: "google-genai",
    packages: pypi("google-genai"),
    ...GOOGLE,
    error: "ClientError",
    denied: "ClientError",
    runtimes: PYTHON,
  },
];

function wholeAndStreamed(...operations: string[]): string[] {
  return operations.flatMap((name) => [name, `${name}, streamed`]);
}

/** Packages as `package.json` has them: under their own name, or as `npm:name@version`. */
function npm(...names: (keyof typeof packages.dependencies)[]): Client["packages"] {
  return names.map((name) => {
    const version = packages.dependencies[name];
    const [, original, pinned] = /^npm:(.+)@(.+)$/.exec(version) ?? [, name, version];
    return { name: original!, version: pinned!, installed: name };
  });
}

function pypi(name: keyof typeof PYTHON_SDKS.python): Client["packages"] {
  return [{ name, version: PYTHON_SDKS.python[name], installed: name }];
}
