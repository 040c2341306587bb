import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { signToken } from "../../../lib/signing/mod.ts";
import { type ConfiguredGateway, startConfigured } from "../../support/configured_gateway.ts";
import { frame } from "../../support/event_frame.ts";
import { freePort } from "../../support/free_port.ts";
import { chunk, startUpstream } from "../../support/raw_upstream.ts";
import { requirement } from "../../support/requirement.ts";
import { REVOCABLE, revokingBegun } from "../matrix/revoke_begun.ts";
import { installBotocore, STATIC_KEYS } from "./aws_stage.ts";
import { runPython } from "../../support/virtual_environment.ts";

const PROGRAM = `${import.meta.dirname}/bedrock_client.py`;

const bytesOf = (event: object) => ({
  bytes: Buffer.from(JSON.stringify(event)).toString("base64"),
});

/** The frames of the answer of an operation: the first two, and the rest. */
const ANSWERS = {
  "converse-stream": {
    first: [
      frame("messageStart", { role: "assistant" }),
      frame("contentBlockDelta", { delta: { text: "Grüße" }, contentBlockIndex: 0 }),
    ],
    rest: [
      frame("messageStop", { stopReason: "end_turn" }),
      frame("metadata", { usage: { inputTokens: 1, outputTokens: 1, totalTokens: 2 } }),
    ],
    events: ["messageStart", "contentBlockDelta"],
    allEvents: ["messageStart", "contentBlockDelta", "messageStop", "metadata"],
  },
  "invoke-with-response-stream": {
    first: [
      frame("chunk", bytesOf({ type: "message_start", message: {} })),
      frame("chunk", bytesOf({ type: "content_block_delta", delta: { text: "Grüße" } })),
    ],
    rest: [frame("chunk", bytesOf({ type: "message_stop" }))],
    events: ["chunk", "chunk"],
    allEvents: ["chunk", "chunk", "chunk"],
  },
} as const;

type Operation = keyof typeof ANSWERS;
const OPERATIONS = Object.keys(ANSWERS) as Operation[];

/** The part of a frame that comes behind the first ones, where a stream ends in the middle of a frame. */
const HALF = 30;
const HEAD =
  "HTTP/1.1 200 OK\r\nContent-Type: application/vnd.amazon.eventstream\r\nTransfer-Encoding: chunked\r\n\r\n";
const textOf = (bytes: Uint8Array) => Buffer.from(bytes).toString("latin1");

// Its answers are silent between two frames, or inside of one, or they come whole.
const upstream = await startUpstream(({ startLine }) => {
  const path = startLine.split(" ")[1] ?? "";
  const { first, rest } = ANSWERS[OPERATIONS.find((it) => path.endsWith(it))!];
  const begin = HEAD + chunk(textOf(Buffer.concat(first)));
  const tail = Buffer.concat(rest);
  const end = chunk(textOf(tail)) + chunk("");
  if (path.startsWith("/all/")) return [begin + end];
  // The silence is longer than that before a heartbeat.
  if (path.startsWith("/slow/")) return [begin, 2500, end];
  return path.startsWith("/half/") ? [begin + chunk(textOf(tail.subarray(0, HALF)))] : [begin];
});

const APP = { id: "web", secret: crypto.randomUUID() };
const ADMIN = { address: `127.0.0.1:${await freePort()}`, token: crypto.randomUUID(), app: APP.id };
const python = await requirement("Python with botocore", installBotocore);
let gateway: ConfiguredGateway;

beforeAll(async () => {
  gateway = await startConfigured({
    admin: ADMIN.address,
    admin_token: ADMIN.token,
    sse_heartbeat: 1,
    app: [
      {
        id: APP.id,
        secrets: [APP.secret],
        upstream: ["all", "slow", "whole", "half"].map((what) => ({
          url: `${upstream.url}/${what}/`,
          provider: "bedrock" as const,
          heartbeat: "comment" as const,
          aws: { region: "eu-west-1", service: "bedrock", ...STATIC_KEYS },
        })),
      },
    ],
  });
  // The ledger refuses tokens that count if they were signed before it knew every use.
  await Bun.sleep(3000);
}, 30_000);
afterAll(async () => {
  expect(gateway.stdout() + gateway.stderr()).not.toMatch(/canary|AKID|AWS4-HMAC/);
  await gateway.stop();
  await upstream.stop();
});

type What = "all" | "slow" | "whole" | "half";
type Limits = { bytes?: number; seconds?: number; subject?: string };

/** A call: which answer, the limits of its token, and what comes of it. Without a code, the whole answer does. */
interface Call {
  title: string;
  what: What;
  limits: (operation: Operation) => Limits;
  code?: string;
  message?: string;
}

const sizeOf = (frames: readonly Uint8Array[]) => Buffer.concat(frames).length;
// The first frames of a dozen answers have to arrive before.
const seconds = () => ({ seconds: 8 });
const subject = () => ({ subject: `${REVOCABLE}${crypto.randomUUID()}` });
const bytes = (more: number) => (operation: Operation) => ({
  bytes: sizeOf(ANSWERS[operation].first) + more,
});
const revoked = { code: "token_revoked", message: "its credential was revoked" };
const late = { code: "upstream_timeout", message: "it took longer than it may" };
const exhausted = { code: "bytes_exhausted", message: "no bytes are left" };

const CALLS: readonly Call[] = [
  { title: "within its limits", what: "all", limits: bytes(10_000) },
  {
    title: "with silence longer than that before a heartbeat",
    what: "slow",
    limits: bytes(10_000),
  },
  { title: "without limits, with such a silence", what: "slow", limits: () => ({}) },
  {
    title: "when its bytes are used up, between two frames",
    what: "all",
    limits: bytes(0),
    ...exhausted,
  },
  {
    title: "when its bytes are used up, inside a frame",
    what: "all",
    limits: bytes(HALF),
    ...exhausted,
  },
  { title: "when its time is over, between two frames", what: "whole", limits: seconds, ...late },
  { title: "when its time is over, inside a frame", what: "half", limits: seconds, ...late },
  {
    title: "when its token is revoked, between two frames",
    what: "whole",
    limits: subject,
    ...revoked,
  },
  { title: "when its token is revoked, inside a frame", what: "half", limits: subject, ...revoked },
];

interface Outcome {
  events: string[];
  type?: string;
  error?: { Code: string; Message: string };
}

const outcomes = new Map<string, Outcome>();
const ALL = CALLS.flatMap((call) => OPERATIONS.map((operation) => ({ call, operation })));
const keyOf = (call: Call, operation: Operation) => `${call.title} ${operation}`;

async function argumentsOf({ call, operation }: (typeof ALL)[number]): Promise<string[]> {
  const { origin, host } = new URL(upstream.url);
  const limits = call.limits(operation);
  const token = await signToken({ ...APP, expires: 300, to: [`${origin}/`], ...limits });
  return [`${new URL(gateway.url).origin}/~${token}/${host}/${call.what}`, operation];
}

describe.skipIf("reason" in python)("for botocore a stream of Bedrock", () => {
  beforeAll(async () => {
    if ("reason" in python) return;
    const calls = await Promise.all(ALL.map(argumentsOf));
    const talking = runPython([python.value, PROGRAM, JSON.stringify(calls)]);
    const printed = await revokingBegun(ADMIN, talking);
    const found = JSON.parse(printed) as Outcome[];
    ALL.forEach(({ call, operation }, i) => outcomes.set(keyOf(call, operation), found[i]!));
  }, 120_000);

  const rows = ALL.map(({ call, operation }) => [call.title, operation, call] as const);
  test.each(rows)("%s, of %s", (_, operation, call) => {
    const { events, allEvents } = ANSWERS[operation];
    const outcome = outcomes.get(keyOf(call, operation))!;
    if (call.code === undefined) {
      expect(outcome).toEqual({ events: [...allEvents] });
      return;
    }
    expect(outcome).toMatchObject({
      events: [...events],
      type: "EventStreamError",
      error: { Code: "validationException", Message: expect.stringContaining(call.message!) },
    });
  });

  test.each([...new Set(CALLS.flatMap(({ code = [] }) => code))])("is %s in the log", (code) => {
    const ended = gateway.lines().filter((line) => line["code"] === code);
    expect(ended).toHaveLength(2 * CALLS.filter((it) => it.code === code).length);
  });
});
