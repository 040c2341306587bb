import {
  Client as Client2,
  type OAuthClientProvider,
  StreamableHTTPClientTransport as Transport2,
} from "@modelcontextprotocol/client";
import { Client as Client1 } from "@modelcontextprotocol/sdk/client/index.js";
import { StreamableHTTPClientTransport as Transport1 } from "@modelcontextprotocol/sdk/client/streamableHttp.js";

/** What a client connects to. */
export interface Place {
  /** Version 1 is one package. Version 2 has one for clients, which also speaks the newest protocol. */
  sdk: "@modelcontextprotocol/sdk" | "@modelcontextprotocol/client";
  /** The URL of the MCP server at the gateway. */
  url: string;
  /** Goes into `Authorization`. Absent: the URL has it, or `provider`. */
  token?: string;
}

/** What else a client is given. */
export interface ClientOptions {
  /** Receives errors that belong to no call. */
  onError?: (error: Error) => void;
  /** Called when the server's list of tools has changed. */
  onChanged?: () => void;
  /** Default: the runtime's. */
  fetch?: typeof fetch;
  /** Makes the client one that can log in by OAuth. */
  provider?: OAuthClientProvider;
}

/** How to call a tool. */
export interface CallOptions {
  onprogress?: (progress: { progress: number }) => void;
  signal?: AbortSignal;
}

/** A client of either SDK, connected. */
export interface OpenClient {
  /** The version of the protocol that client and server agreed on. */
  version: string | undefined;
  tools: () => Promise<string[]>;
  /** Returns the text of the result. */
  call: (name: string, args?: Record<string, unknown>, options?: CallOptions) => Promise<string>;
  resource: (uri: string) => Promise<string>;
  prompt: (name: string) => Promise<string>;
  /** Ends the session, if there is one. */
  endSession: () => Promise<void>;
  /** Closes all streams. */
  close: () => Promise<void>;
}

const ME = { name: "signway-tests", version: "1.0.0" };
const nothing = () => {};

/** Connects. Throws what the SDK throws. */
export function openClient(place: Place, options: ClientOptions = {}): Promise<OpenClient> {
  return place.sdk === "@modelcontextprotocol/sdk"
    ? openOlder(place, options)
    : open(place, options);
}

async function openOlder({ url, token }: Place, options: ClientOptions): Promise<OpenClient> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const transport = new Transport1(new URL(url), {
    requestInit: { headers },
    ...(options.fetch && { fetch: options.fetch }),
    ...(options.provider && { authProvider: options.provider as never }),
  });
  const { onChanged = nothing, onError = nothing } = options;
  const client = new Client1(ME, { listChanged: { tools: { onChanged } } });
  client.onerror = onError;
  await client.connect(transport);
  return {
    version: transport.protocolVersion,
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, options) =>
      textOf(await client.callTool({ name, arguments: args }, undefined, options)),
    resource: async (uri) => JSON.stringify((await client.readResource({ uri })).contents),
    prompt: async (name) => JSON.stringify((await client.getPrompt({ name })).messages),
    endSession: () => transport.terminateSession(),
    close: () => client.close(),
  };
}

async function open({ url, token }: Place, options: ClientOptions): Promise<OpenClient> {
  const authProvider =
    options.provider ?? (token === undefined ? undefined : { token: async () => token });
  const transport = new Transport2(new URL(url), {
    ...(authProvider && { authProvider }),
    ...(options.fetch && { fetch: options.fetch }),
  });
  const { onChanged = nothing, onError = nothing } = options;
  const client = new Client2(ME, {
    versionNegotiation: { mode: "auto" },
    listChanged: { tools: { onChanged } },
  });
  client.onerror = onError;
  await client.connect(transport);
  return {
    version: client.getNegotiatedProtocolVersion(),
    tools: async () => (await client.listTools()).tools.map(({ name }) => name),
    call: async (name, args, options) =>
      textOf(await client.callTool({ name, ...(args && { arguments: args }) }, options)),
    resource: async (uri) => JSON.stringify((await client.readResource({ uri })).contents),
    prompt: async (name) => JSON.stringify((await client.getPrompt({ name })).messages),
    endSession: () => transport.terminateSession(),
    close: () => client.close(),
  };
}

function textOf(result: object): string {
  const { content } = result as { content?: { text?: string }[] };
  return content?.[0]?.text ?? "";
}
