import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { connect } from "../../support/raw_client.ts";
import { requirement } from "../../support/requirement.ts";
import { requestBytes } from "../../support/signed.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import { type Client, CLIENTS, commandOf, type Host, titleOf } from "./clients.ts";
import { eventsOf, PIECES, startFakeProvider } from "./fake_provider.ts";

// The heartbeats of the start come after 0.4 s, those of the middle after a second.
const provider = await startFakeProvider({ first: 700, middle: 2500 });
const answer = PIECES.join("");

const route = (path: string, rest: object) => ({
  path,
  upstream: provider.url,
  signature: "none" as const,
  ...rest,
});
const CONFIG: ConfigInput = {
  sse_heartbeat: 1,
  route: [
    route("/openai", { provider: "openai" }),
    route("/azure", { provider: "azure" }),
    route("/anthropic", { provider: "anthropic" }),
    route("/google", { provider: "google" }),
    route("/unknown", {}),
    route("/google-comment", { provider: "google", heartbeat: "comment" }),
    route("/openai-newline", { provider: "openai", heartbeat: "newline" }),
  ],
};

// What a heartbeat of the wrong form does to them, so that a matrix without failures tells something.
const BROKEN: readonly Client[] = [
  { host: "node", name: "genai-1", path: "/google-comment" },
  { host: "node", name: "genai-2", path: "/google-comment" },
  { host: "node", name: "genai-3", path: "/google-comment" },
  { host: "node", name: "generative-ai", path: "/google-comment" },
  { host: "python", name: "google-genai", path: "/google-comment" },
  { host: "older python", name: "google-genai", path: "/google-comment" },
  { host: "python", name: "openai chat", path: "/openai-newline/ids" },
  { host: "older python", name: "openai chat", path: "/openai-newline/ids" },
];

interface Outcome {
  text: string;
  error?: string;
}

let gateway: ConfiguredGateway;
beforeAll(async () => void (gateway = await startConfigured(CONFIG)), 30_000);
afterAll(async () => {
  await gateway.stop();
  await provider.stop();
});

async function converse(command: string[], clients: readonly Client[]): Promise<Outcome[]> {
  const base = gateway.url.replace(/\/$/, "");
  const pairs = clients.map(({ name, path }) => [name, `${base}${path}`]);
  const child = Bun.spawn([...command, JSON.stringify(pairs)], { stdout: "pipe", stderr: "pipe" });
  const [printed, complaints] = await Promise.all(
    [child.stdout, child.stderr].map((stream) => new Response(stream).text()),
  );
  if ((await child.exited) !== 0) throw new Error(complaints);
  return JSON.parse(printed ?? "") as Outcome[];
}

const HOSTS: readonly Host[] = ["node", "python", "older python"];
for (const host of HOSTS) {
  const command = await requirement(`the clients in ${host}`, () => commandOf(host));
  const clients = CLIENTS.filter((client) => client.host === host);
  const broken = BROKEN.filter((client) => client.host === host);

  describe.skipIf("reason" in command)(`in ${host}, with late first events and heartbeats`, () => {
    const outcomes = new Map<Client, Outcome>();
    beforeAll(async () => {
      if ("reason" in command) return;
      const all = [...clients, ...broken];
      const found = await converse(command.value, all);
      all.forEach((client, i) => outcomes.set(client, found[i]!));
    }, 120_000);

    const rows = (list: readonly Client[]) =>
      list.map((client) => [client.path, titleOf(client), client] as const);
    test.each(rows(clients))("%s is read by %s", (_, __, client) => {
      expect(outcomes.get(client)).toEqual({ text: answer });
    });
    test.each(rows(broken))("%s is not read by %s", (_, __, client) => {
      expect(outcomes.get(client)?.text).not.toBe(answer);
    });
  });
}

describe("on the wire", () => {
  test.concurrent.each([
    ["/openai/v1/chat/completions", ":\n", []],
    ["/openai/v1/responses", ":\n", []],
    ["/azure/openai/deployments/d/chat/completions", ":\n", []],
    ["/anthropic/v1/messages", ":\n", []],
    ["/google/v1beta/models/m:streamGenerateContent?alt=sse", "\n", []],
    [
      "/google/v1beta/models/m:streamGenerateContent?alt=sse",
      "",
      ["X-Goog-Api-Client: genai-js/0.24.1"],
    ],
    ["/unknown/v1/chat/completions", ":\n", []],
    ["/google-comment/v1beta/models/m:streamGenerateContent?alt=sse", ":\n", []],
    ["/openai-newline/v1/chat/completions", "\n", []],
  ])("%s has heartbeats %j before and between events (%j)", async (path, beat, headers) => {
    using client = await connect(gateway.port);
    await client.write(requestBytes("POST", path, { headers, body: "{}" }));
    const { body } = await client.response("POST", 30_000);
    const [one = "", two = "", ...rest] = eventsOf(path);
    const text = body.toString();
    const start = text.indexOf(one + two);
    const end = text.lastIndexOf(rest.join(""));
    const beats = [text.slice(0, start), text.slice(start + one.length + two.length, end)];
    expect(text).toBe([beats[0], one, two, beats[1], ...rest].join(""));
    expect(beats.map((it) => it.slice(0, beat.length))).toEqual([beat, beat]);
    expect(beats.map((it) => it.replaceAll(beat, ""))).toEqual(["", ""]);
  });
});
