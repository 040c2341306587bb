import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { chunk, startUpstream } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { type ConfiguredGateway, startConfigured } from "../../server/routes/configured_gateway.ts";
import { type Client, CLIENTS, commandOf, type Host, titleOf } from "../heartbeats/clients.ts";
import { eventsOf } from "../heartbeats/fake_provider.ts";

const HEAD =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

/** The first piece of each answer. */
const TEXT = "Grüße";

// An API that sends the first piece of its answer, and then nothing, or half of an event.
const upstream = await startUpstream(({ startLine }) => {
  const path = startLine.split(" ")[1] ?? "";
  const events = eventsOf(path);
  const isFirst = (event: string) => event.includes(TEXT);
  const end = events.findIndex(isFirst) + 1;
  const rest = path.includes("/half/") ? events[end]!.slice(0, 20) : "";
  const sent = Buffer.from(events.slice(0, end).join("") + rest).toString("latin1");
  return [HEAD + chunk(sent)];
});

const PROVIDERS = ["openai", "azure", "anthropic", "google"] as const;
const CONFIG: ConfigInput = {
  policy: [{ name: "short", seconds: 4 }],
  route: PROVIDERS.flatMap((provider) =>
    ["", "/half"].map((half) => ({
      path: `${half}/${provider}`,
      upstream: `${upstream.url}${half || "/whole"}`,
      signature: "none" as const,
      provider,
      policy: ["short"],
    })),
  ),
};

let gateway: ConfiguredGateway;
beforeAll(async () => void (gateway = await startConfigured(CONFIG)), 30_000);
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

interface Outcome {
  text: string;
  error?: string;
  thrown?: Record<string, unknown>;
}

async function converse(command: string[], pairs: readonly string[][]): Promise<Outcome[]> {
  const child = Bun.spawn([...command, JSON.stringify(pairs)], { stdout: "pipe", stderr: "pipe" });
  const [printed, complaints] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  if ((await child.exited) !== 0) throw new Error(complaints);
  return JSON.parse(printed ?? "") as Outcome[];
}

const OF_OPENAI = { name: "APIError", code: "upstream_timeout", type: "permission_error" };
const OF_AI_SDK = { name: "StreamProviderError", status: 403, isRetryable: false };

/** The error of each client, by the start of its name; in Python by that of its module. */
const ERRORS: Readonly<Record<string, Record<string, unknown>>> = {
  openai: OF_OPENAI,
  anthropic: { name: "APIError", type: "permission_error" },
  "@anthropic": { name: "APIError", type: "permission_error" },
  genai: { name: "ApiError", status: 403 },
  // It has no other error for a stream.
  "generative-ai": { name: "GoogleGenerativeAIError" },
  "@ai-sdk/openai": { ...OF_AI_SDK, code: "upstream_timeout", type: "permission_error" },
  "@ai-sdk/anthropic": { ...OF_AI_SDK, type: "permission_error" },
  "@ai-sdk/google": { ...OF_AI_SDK, code: 403, type: "PERMISSION_DENIED" },
};
const PYTHON_ERRORS: typeof ERRORS = {
  openai: OF_OPENAI,
  anthropic: { name: "APIStatusError", type: "permission_error" },
  "google-genai": { name: "ClientError", code: 403, status: "PERMISSION_DENIED" },
};

const OLDER_PYTHON_ERRORS: typeof ERRORS = {
  openai: OF_OPENAI,
  anthropic: { name: "APIStatusError" },
};

/** Google's older client takes any JSON for a piece of the answer. */
function readsNoError({ host, name }: Client): boolean {
  return host === "older python" && name.startsWith("google-genai");
}

function errorOf({ host, name }: Client): Record<string, unknown> {
  const errors = { node: ERRORS, python: PYTHON_ERRORS, "older python": OLDER_PYTHON_ERRORS }[host];
  const [, error] = Object.entries(errors).find(([start]) => name.startsWith(start)) ?? [];
  if (!error) throw new Error(`there is no error for ${name}`);
  return error;
}

const MOMENTS = [
  ["between two events", ""],
  ["in the middle of an event", "/half"],
] as const;

const HOSTS: readonly Host[] = ["node", "python", "older python"];
const commands = await Promise.all(
  HOSTS.map(async (host) => {
    const command = await requirement(`the clients in ${host}`, () => commandOf(host));
    return { host, command };
  }),
);

describe.each(commands)("in $host, a stream that ends early", ({ host, command }) => {
  const clients = CLIENTS.filter((it) => it.host === host && !/ids|unknown/.test(it.path));
  const outcomes = new Map<string, Outcome>();
  const keyOf = ({ name, path }: Client, half: string) => `${name} ${path} ${half}`;
  beforeAll(async () => {
    if ("reason" in command) return;
    const base = gateway.url.replace(/\/$/, "");
    const all = MOMENTS.flatMap(([, half]) => clients.map((client) => [client, half] as const));
    const pairs = all.map(([{ name, path }, half]) => [name, `${base}${half}${path}`]);
    const found = await converse(command.value, pairs);
    all.forEach(([client, half], i) => outcomes.set(keyOf(client, half), found[i]!));
  }, 240_000);

  for (const [moment, half] of MOMENTS) {
    const rows = clients.map((client) => [client.path, titleOf(client), client] as const);
    test.skipIf("reason" in command).each(rows)(
      `${moment}, is a typed error: %s, %s`,
      (_, __, client) => {
        const { text, error, thrown } = outcomes.get(keyOf(client, half))!;
        if (readsNoError(client)) {
          expect({ text, error }).toEqual({ text: TEXT, error: undefined });
          return;
        }
        expect(thrown).toMatchObject(errorOf(client));
        // Its users get all pieces at the end, and so none of them.
        expect(text).toBe(client.name === "google-genai asynchronous" ? "" : TEXT);
        if (client.name !== "generative-ai") expect(error).toContain("it took longer than it may");
      },
    );
  }
});
