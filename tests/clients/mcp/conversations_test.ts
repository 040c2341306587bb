import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { signToken } from "../../../lib/signing/mod.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { waitFor } from "../../support/wait_for.ts";
import { folderWith } from "../../support/folder.ts";
import { runSignway } from "../../support/run_signway.ts";
import { type Conversation, MANY, type Outcome } from "./conversation.ts";
import type { Place } from "./open_client.ts";
import { findRuntimes, type Runtime } from "./runtimes.ts";
import { KEY, node, type Stage, startStage } from "./stage.ts";

/** A client and a server that talk. */
interface Pair {
  sdk: Place["sdk"];
  path: "/mcp" | "/stateless" | "/modern";
  version: string;
}

const PAIRS: readonly Pair[] = [
  { sdk: "@modelcontextprotocol/sdk", path: "/mcp", version: "2025-11-25" },
  { sdk: "@modelcontextprotocol/sdk", path: "/stateless", version: "2025-11-25" },
  { sdk: "@modelcontextprotocol/client", path: "/modern", version: "2026-07-28" },
  { sdk: "@modelcontextprotocol/client", path: "/mcp", version: "2025-11-25" },
];
const SLOTS = ["bearer", "URL"] as const;
const ROWS = SLOTS.flatMap((slot) => PAIRS.map((pair) => ({ slot, ...pair })));
type Row = (typeof ROWS)[number];

const folder = await folderWith();
const runtimes = "reason" in node ? [] : await findRuntimes(folder.path("."));
const runOf = ({ name }: Runtime, { sdk, path, slot }: Row) => `${name} ${sdk} ${path} ${slot}`;
const outcomes = new Map<string, Outcome | { error: string }>();
let stage: Stage;

beforeAll(async () => {
  if ("reason" in node) return;
  stage = await startStage();
  const places = await Promise.all(ROWS.map(placeOf));
  await Promise.all(runtimes.filter(({ reason }) => !reason).map((it) => talk(it, places)));
}, 120_000);
afterAll(async () => {
  await Promise.all(runtimes.map(({ close }) => close?.()));
  await stage?.[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

async function talk(runtime: Runtime, places: readonly Place[]): Promise<void> {
  const conversations = ROWS.map((row, index): Conversation => {
    const place = places[index]!;
    const url = `${place.url}?run=${encodeURIComponent(runOf(runtime, row))}`;
    const hasSession = row.path === "/mcp";
    return { ...place, url, hasChange: row.path !== "/stateless", hasSession };
  });
  const found = await runtime.converse(conversations);
  ROWS.forEach((row, index) => outcomes.set(runOf(runtime, row), found[index]!));
}

/** Where a client connects to: with a token of its own, or with what the command line prints. */
async function placeOf({ sdk, path, slot }: Row): Promise<Place> {
  const { gateway, server, at } = stage;
  const mcpServer = `${server}${path}`;
  if (slot === "bearer") {
    return { sdk, url: at(path), token: await signToken({ ...CREDENTIAL, to: [mcpServer] }) };
  }
  const env = { SW_ID: CREDENTIAL.id, SW_SECRET: CREDENTIAL.secret };
  const args = ["token", "--mcp", mcpServer, "--gateway", gateway.url];
  const { stdout } = await runSignway(args, { env });
  expect(stdout).toStartWith(`${gateway.url}/~ey`);
  return { sdk, url: stdout.trim() };
}

describe.each(runtimes)("in $name", (runtime) => {
  const testHere = test.skipIf(runtime.reason !== undefined);

  testHere.each(ROWS)("$sdk at $path, with the token in the $slot", (row) => {
    expect(outcomes.get(runOf(runtime, row))).toEqual({
      version: row.version,
      tools: expect.arrayContaining(["echo", "count", "change"]),
      echo: "Grüße 🔑",
      progress: [1, 2, 3, 4, 5, 6, 7, 8, 9],
      many: MANY,
      quiet: "counted to 1",
      resource: '[{"uri":"notes://first","text":"Grüße 🔑"}]',
      prompt: '[{"role":"user","content":{"type":"text","text":"Say hello."}}]',
      isChanged: row.path !== "/stateless",
      resumed: row.path === "/mcp" ? "answered on another stream" : "",
      cancelled: expect.stringContaining("enough"),
      errors: [],
    });
  });

  testHere.each(ROWS)("the server's view of $sdk at $path, $slot", async (row) => {
    const { methods, ends, headers } = VIEWS[row.path];
    const reports = () => stage.reports.filter(({ run }) => run === runOf(runtime, row));
    for (const end of ends) await waitFor(end, () => reports().some(({ kind }) => kind === end));
    const requests = reports().filter(({ kind }) => kind === "request");
    expect(JSON.stringify(requests)).not.toContain("eyJ");
    expect(new Set(requests.map(({ method }) => method))).toEqual(new Set(methods));
    const valuesOf = (name: string) => new Set(requests.map((it) => it.headers?.[name]));
    expect(valuesOf("authorization")).toEqual(new Set([`Bearer ${KEY}`]));
    expect([...valuesOf("mcp-protocol-version")]).toContain(row.version);
    expect(valuesOf("mcp-name")).toEqual(new Set(headers.names));
    expect(valuesOf("mcp-session-id").size).toBe(headers.sessions);
    expect(valuesOf("last-event-id").size).toBe(headers.resumed);
  });
});

/** What the server sees of a conversation, and how many values headers have: none counts as one. */
const VIEWS = {
  "/mcp": {
    methods: ["POST", "GET", "DELETE"],
    ends: ["cancelled"],
    headers: { names: [undefined], sessions: 2, resumed: 2 },
  },
  // It refuses the GET, and does not know the call that a notification cancels.
  "/stateless": {
    methods: ["POST", "GET"],
    ends: ["closed"],
    headers: { names: [undefined], sessions: 1, resumed: 1 },
  },
  "/modern": {
    methods: ["POST"],
    ends: ["closed", "cancelled"],
    headers: {
      names: [undefined, "echo", "count", "change", "notes://first", "greet"],
      sessions: 1,
      resumed: 1,
    },
  },
};
