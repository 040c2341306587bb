import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { ConfigInput } from "../../../lib/config/schema.ts";
import { signToken } from "../../../lib/signing/mod.ts";
import { freePort } from "../../support/free_port.ts";
import { chunk, startUpstream } from "../../support/raw_upstream.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import { type Client, CLIENTS, titleOf } from "../heartbeats/clients.ts";
import { eventsOf } from "../heartbeats/fake_provider.ts";
import { clientCommands, converse, errorOf, isLeftOver, type Outcome } from "./ended_clients.ts";
import { REVOCABLE, revokingBegun } from "./revoke_begun.ts";

const HEAD =
  "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\nTransfer-Encoding: chunked\r\n\r\n";

/** The first piece of each answer. */
const TEXT = "Grüße";

/** The part of an event that is sent after the first piece, where a stream ends in the middle of an event. */
const HALF = 20;

/** The events of an answer up to the first piece, and those behind them. */
function partsOf(path: string): { first: string; rest: string } {
  const events = eventsOf(path);
  const end = events.findIndex((event) => event.includes(TEXT)) + 1;
  return { first: events.slice(0, end).join(""), rest: events.slice(end).join("") };
}

// An API that sends the first piece of its answer, and then nothing, half of an event, or all the rest.
const upstream = await startUpstream(({ startLine }) => {
  const path = startLine.split(" ")[1] ?? "";
  const { first, rest } = partsOf(path);
  const more = path.startsWith("/whole/")
    ? ""
    : path.startsWith("/half/")
      ? rest.slice(0, HALF)
      : rest;
  return [HEAD + chunk(Buffer.from(first + more).toString("latin1"))];
});

const PROVIDERS = ["openai", "azure", "anthropic", "google"] as const;
const APP = { id: "web", secret: crypto.randomUUID() };
const ADMIN = { address: `127.0.0.1:${await freePort()}`, token: crypto.randomUUID(), app: APP.id };
const CONFIG: ConfigInput = {
  admin: ADMIN.address,
  admin_token: ADMIN.token,
  // The first pieces of a hundred answers have to arrive before.
  policy: [{ name: "short", seconds: 10 }],
  route: PROVIDERS.flatMap((provider) =>
    ["", "/half"].map((half) => ({
      path: `${half}/${provider}`,
      upstream: `${upstream.url}${half || "/whole"}`,
      signature: "none" as const,
      provider,
      policy: ["short"],
    })),
  ),
  app: [
    {
      id: APP.id,
      secrets: [APP.secret],
      upstream: PROVIDERS.flatMap((provider) =>
        ["all", "whole", "half"].map((what) => ({
          url: `${upstream.url}/${what}/${provider}`,
          provider,
        })),
      ),
    },
  ],
};

/** An end: its cause, its moment, the error that tells of it, and the base URL with which a client meets it. */
interface End {
  title: string;
  code: string;
  message: string;
  baseOf: (client: Client) => Promise<string>;
}

const ofSeconds = (title: string, half: string): End => ({
  title,
  code: "upstream_timeout",
  message: "it took longer than it may",
  baseOf: async ({ path }) => `${new URL(gateway.url).origin}${half}${path}`,
});

/** Each client has a token of its own, which allows the first piece and so many bytes more. */
const ofBytes = (title: string, more: number): End => ({
  title,
  code: "bytes_exhausted",
  message: "bytes",
  async baseOf({ path, name }) {
    const bytes = Buffer.byteLength(partsOf(operationOf(name)).first) + more;
    const { origin, host } = new URL(upstream.url);
    const token = await signToken({ ...APP, expires: 300, to: [`${origin}/`], bytes });
    return `${new URL(gateway.url).origin}/~${token}/${host}/all${path}`;
  },
});

/** Each client has a token of its own, of a subject that is revoked when the first piece has been sent. */
const ofRevocation = (title: string, what: "whole" | "half"): End => ({
  title,
  code: "token_revoked",
  message: "its credential was revoked",
  async baseOf({ path }) {
    const { origin, host } = new URL(upstream.url);
    const subject = `${REVOCABLE}${crypto.randomUUID()}`;
    const token = await signToken({ ...APP, expires: 300, to: [`${origin}/`], subject });
    return `${new URL(gateway.url).origin}/~${token}/${host}/${what}${path}`;
  },
});

/** The end of the path at which a client asks. */
function operationOf(name: string): string {
  if (name.includes("responses")) return "/responses";
  if (name.includes("anthropic")) return "/messages";
  return /genai|generative|ai-sdk.google/.test(name) ? ":streamGenerateContent" : "/completions";
}

const ENDS = [
  ofSeconds("when its time is over, between two events", ""),
  ofSeconds("when its time is over, in the middle of an event", "/half"),
  ofBytes("when its bytes are used up, between two events", 0),
  ofBytes("when its bytes are used up, in the middle of an event", HALF),
  ofRevocation("when its token is revoked, between two events", "whole"),
  ofRevocation("when its token is revoked, in the middle of an event", "half"),
];

let gateway: ConfiguredGateway;
beforeAll(async () => {
  gateway = await startConfigured(CONFIG);
  // The ledger refuses tokens that count if they were signed before it knew every use.
  await Bun.sleep(3000);
}, 30_000);
afterAll(async () => {
  await gateway.stop();
  await upstream.stop();
});

const commands = await clientCommands();

describe.each(commands)("in $host, a stream that ends early", ({ host, command }) => {
  const clients = CLIENTS.filter((it) => it.host === host && !/ids|unknown/.test(it.path));
  const outcomes = new Map<string, Outcome>();
  const keyOf = ({ name, path }: Client, { title }: End) => `${name} ${path} ${title}`;
  beforeAll(async () => {
    if ("reason" in command) return;
    const all = ENDS.flatMap((end) => clients.map((client) => [client, end] as const));
    const pairs = all.map(async ([client, end]) => [client.name, await end.baseOf(client)]);
    const found = await revokingBegun(ADMIN, converse(command.value, await Promise.all(pairs)));
    all.forEach(([client, end], i) => outcomes.set(keyOf(client, end), found[i]!));
  }, 240_000);

  for (const end of ENDS) {
    const rows = clients.map((client) => [client.path, titleOf(client), client] as const);
    test.skipIf("reason" in command).each(rows)(
      `${end.title}, is a typed error: %s, %s`,
      (_, __, client) => {
        const { text, error, thrown } = outcomes.get(keyOf(client, end))!;
        if (isLeftOver(client, error)) return;
        expect(thrown).toMatchObject(errorOf(client));
        if (thrown && "code" in thrown && typeof thrown["code"] === "string") {
          expect(thrown["code"]).toBe(end.code);
        }
        // Its users get all pieces at the end, and so none of them.
        expect(text).toBe(client.name === "google-genai asynchronous" ? "" : TEXT);
        const hasMessage =
          client.name !== "generative-ai" && thrown?.["name"] !== "JSONDecodeError";
        if (hasMessage) expect(error).toContain(end.message);
      },
    );
  }
});
