import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { tokenScope } from "../../../lib/gateway/ledger/forms/scope.ts";
import { silentLog } from "../../../lib/runtime/observe/log.ts";
import { openLedger } from "../../../lib/runtime/open_ledger.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { inParallel } from "../../support/in_parallel.ts";
import { randomOf } from "../../support/ledger/simulation/events.ts";
import { amountsOf } from "../../support/ledger/stage.ts";
import { folderWith } from "../../support/folder.ts";
import { type ConfiguredGateway, TEST_LEDGER } from "../../support/configured_gateway.ts";
import { BILLED_CALLS } from "./billed_calls.ts";
import { PRICES, send, startBilledGateway, startBilling, wordsOf } from "./billed_gateway.ts";
import { freshToken } from "./limited_server.ts";

const AT_RANDOM = process.env["SIGNWAY_LONG_TESTS"] ? 1000 : 500;
const AT_ONCE = 20;
const NANO_IN_MICRO = 1_000;
const CALLS = Object.values(BILLED_CALLS);

type OnAbort = "charge" | "drain";

/** When clients leave, and how many. */
interface Moment {
  when: "at the head" | "in the stream" | "at the last event" | "at random moments";
  count: number;
}

const MOMENTS: readonly Moment[] = [
  { when: "at the head", count: 50 },
  { when: "in the stream", count: 50 },
  { when: "at the last event", count: 50 },
  { when: "at random moments", count: AT_RANDOM },
];
const CASES = (["charge", "drain"] as const).flatMap((onAbort) =>
  MOMENTS.map((moment) => ({ onAbort, ...moment })),
);

const seed = Math.floor(Math.random() * 1e9);
const random = randomOf(seed);
const billing = startBilling(1);
const folder = await folderWith({ "prices.json": PRICES });
const ledger = TEST_LEDGER ?? `sqlite:${folder.path("ledger.db")}`;
let gateway: ConfiguredGateway;
/** How many milliseconds each call takes that nobody hangs up. */
const durations: number[] = [];

beforeAll(async () => {
  gateway = await startBilledGateway(billing, { ledger, prices: folder.path("prices.json") });
  await inParallel(CALLS.length * 4, AT_ONCE, async (number) => {
    const start = performance.now();
    await exchange(number % CALLS.length, { onAbort: "charge", id: `${number}.` });
    // The last ones are timed as warm as all that follow.
    durations[number % CALLS.length] = performance.now() - start;
  });
}, 60_000);
afterAll(async () => {
  await gateway[Symbol.asyncDispose]();
  await billing[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** The id of the token of an exchange, which is a part of its model's name. Each has a token of its own. */
const idOf = ({ onAbort, when }: { onAbort: OnAbort } & Moment, number: number) =>
  `${onAbort}-${when.replaceAll(" ", "-")}-${number}.`;

async function exchange(
  index: number,
  { id, onAbort, when }: { id: string; onAbort: OnAbort; when?: Moment["when"] },
): Promise<void> {
  const call = CALLS[index]!;
  const token = await freshToken({ jti: id, tokens: 1e6, cost: 10, onAbort, allow: ["n"] });
  const client = new AbortController();
  const leave = () => client.abort();
  if (when === "at random moments") setTimeout(leave, random() * durations[index]! * 1.2);
  const asked = {
    model: `m-thinking-cached-${id}`,
    text: wordsOf(25),
    cap: random() < 0.5 ? 40 : 100,
    ...(call.givesSeveral && { count: 1 + Math.floor(random() * 2) }),
    signal: client.signal,
  };
  try {
    const response = await send({ gateway, billing, token }, call, asked);
    if (response.status !== 200) throw new Error(`${response.status}: ${await response.text()}`);
    if (when === "at the head") leave();
    const decoder = new TextDecoder();
    let text = "";
    for await (const piece of response.body!) {
      text += decoder.decode(piece, { stream: true });
      if (when === "in the stream") leave();
      if (when === "at the last event" && call.lastEvent.test(text)) leave();
    }
  } catch (error) {
    if (!client.signal.aborted) throw error;
  }
}

/** What is charged for an exchange, and what is billed: tokens and nano-dollars. */
interface Account {
  id: string;
  charged: [tokens: number, cost: number];
  reserved: [tokens: number, cost: number];
  billed: [tokens: number, cost: number];
}

let read: Awaited<ReturnType<typeof openLedger>> | undefined;

const NOTHING: [settled: number, reserved: number] = [0, 0];

async function accountOf(id: string): Promise<Account> {
  const scopes = [tokenScope(CREDENTIAL.id, id)];
  const readings = await read!.store.run({ kind: "read", app: CREDENTIAL.id, scopes });
  // A client that left before its request was read has no counter.
  const { tokens = NOTHING, cost = NOTHING } = amountsOf(readings[0] ?? []);
  const bill = billing.billOf(`-${id}`);
  return {
    id,
    charged: [tokens[0], cost[0]],
    reserved: [tokens[1], cost[1]],
    billed: [bill.tokens, bill.microDollars * NANO_IN_MICRO],
  };
}

function isWrong({ charged, billed }: Account, onAbort: OnAbort): boolean {
  if (onAbort === "drain") return !Bun.deepEquals(charged, billed);
  return charged[0] < billed[0] || charged[1] < billed[1];
}

describe("clients hang up", () => {
  test.each(CASES)(
    "$count times $when, with $onAbort",
    async (one) => {
      await inParallel(one.count, AT_ONCE, (number) =>
        exchange(number % CALLS.length, { ...one, id: idOf(one, number) }),
      );
    },
    60_000,
  );

  test("and then the gateway stops", async () => {
    expect(await gateway.stop()).toBe(0);
    read = await openLedger(ledger, silentLog());
  }, 60_000);
});

describe("what was charged", () => {
  afterAll(() => read?.close());

  test.each(CASES)("for $count that hung up $when, with $onAbort", async (one) => {
    const ids = Array.from({ length: one.count }, (_, i) => idOf(one, i));
    const accounts = await Promise.all(ids.map(accountOf));
    const more = accounts.filter(({ charged, billed }) => charged[0] > billed[0]);
    const billed = accounts.filter((account) => account.billed[0] > 0);
    const name = `${one.onAbort}, ${one.when}, seed ${seed}`;
    console.log(`${name}: ${billed.length} billed, ${more.length} charged more than that`);
    expect(billed).not.toEqual([]);
    expect(accounts.filter(({ reserved }) => reserved.some((it) => it !== 0))).toEqual([]);
    expect(accounts.filter((account) => isWrong(account, one.onAbort))).toEqual([]);
    // Without these nobody has left before the report.
    if (one.onAbort === "charge" && one.when !== "at the last event") {
      expect(more).not.toEqual([]);
    }
  });
});
