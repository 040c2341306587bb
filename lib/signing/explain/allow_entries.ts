/**
 * The features that each entry of `allow` opens. A name that ends in `:` stands for all entries that begin with it; the rest of the
 * entry takes the place of `{}`. The gateway's tables of APIs have the entries.
 */
export const ALLOW_ENTRIES: Readonly<Record<string, string>> = {
  tools: "functions that the client runs, and their results",
  "tools:": "the provider's tool {}",
  images: "images, from URLs that the provider fetches too",
  files: "documents and other files, from URLs that the provider fetches too",
  audio: "audio in requests and answers",
  n: "several answers to one request",
  store: "answers that the provider keeps under the operator's account",
  state:
    "what the operator's account keeps at the provider: answers, conversations, prompts, files",
  service_tier: "the choice of a service tier, which can cost more",
  beta: "beta features, with the headers that turn them on",
  "field:": "{} in the body",
  "header:": "the request header {}",
  "mcp:resources": "resources of the MCP server",
  "mcp:prompts": "prompts of the MCP server",
  "mcp:completion": "completion of arguments by the MCP server",
  "mcp:sampling": "answers to the MCP server's own requests, such as for a sample",
  "mcp:tasks": "tasks of the MCP server",
  "mcp:": "methods {} of the MCP server",
};

/**
 * Describes what an entry of `allow` opens.
 *
 * @param entry such as `tools:web_search`
 * @returns `undefined` when it opens nothing that is known
 */
export function describeAllowEntry(entry: string): string | undefined {
  if (Object.hasOwn(ALLOW_ENTRIES, entry)) return ALLOW_ENTRIES[entry];
  const end = entry.indexOf(":") + 1;
  const family = entry.slice(0, end);
  if (family === "" || !Object.hasOwn(ALLOW_ENTRIES, family)) return undefined;
  return ALLOW_ENTRIES[family]?.replace("{}", () => entry.slice(end));
}
