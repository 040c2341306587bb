import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { randomOf } from "../../support/ledger/simulation/events.ts";
import { waitUntil } from "../../support/wait_until.ts";
import { folderWith } from "../../support/folder.ts";
import { type ConfiguredGateway, TEST_LEDGER } from "../../support/configured_gateway.ts";
import { type Asked, BILLED_CALLS, type BilledCall } from "./billed_calls.ts";
import {
  type Caller,
  PRICES,
  RATES,
  send,
  startBilledGateway,
  startBilling,
  wordsOf,
} from "./billed_gateway.ts";
import { freshToken, tally } from "./limited_server.ts";

const COUNT = 200;
/** How many follow at once, until all is used. */
const FOLLOWING = 40;
const CALLS = Object.entries(BILLED_CALLS);
const MODELS = ["m", "m-cached", "m-thinking", "m-thinking-cached"];

const billing = startBilling(0);
const folder = await folderWith({ "prices.json": PRICES });
const prices = folder.path("prices.json");
afterAll(async () => {
  await billing[Symbol.asyncDispose]();
  await folder[Symbol.asyncDispose]();
});

/** A limit of a token, in tokens or in micro-dollars, and how it is told. */
interface Limited {
  counter: "tokens" | "cost";
  /** The limit of the flood, of which all of its requests together need more than twice as much. */
  limit: number;
  optionOf: (limit: number) => { tokens: number } | { cost: number };
  /** What tokens of input and of output need. */
  need: (input: number, output: number) => number;
  billed: (part: string) => number;
}

const LIMITED: readonly Limited[] = [
  {
    counter: "tokens",
    limit: 8_000,
    optionOf: (tokens) => ({ tokens }),
    need: (input, output) => input + output,
    billed: (part) => billing.billOf(part).tokens,
  },
  {
    counter: "cost",
    limit: 50_000,
    optionOf: (limit) => ({ cost: limit / 1e6 }),
    need: (input, output) => input * RATES.input + output * RATES.output,
    billed: (part) => billing.billOf(part).microDollars,
  },
];

async function ask(caller: Caller, call: BilledCall, asked: Asked): Promise<{ result: string }> {
  const response = await send(caller, call, asked);
  await response.arrayBuffer();
  return { result: response.headers.get("x-sw-problem") ?? String(response.status) };
}

/** What is left of the limit of a token, as a request tells that needs nothing. */
async function leftOf(caller: Caller): Promise<number> {
  const counting: BilledCall = {
    ...BILLED_CALLS["messages"]!,
    path: () => "/v1/messages/count_tokens",
    body: ({ model, text }) => ({ model, messages: [{ role: "user", content: text }] }),
  };
  const response = await send(caller, counting, { model: "m", text: "a" });
  await response.arrayBuffer();
  expect(response.status).toBe(200);
  return Number(/;r=(\d+)/.exec(response.headers.get("ratelimit") ?? "")?.[1]);
}

/** The bound of the input, by its definition: the bytes of the body as sent, which are ASCII, and the frame. */
async function inputBound(caller: Caller, call: BilledCall, asked: Asked): Promise<number> {
  expect(await ask(caller, call, asked)).toEqual({ result: "200" });
  const { requests } = caller.billing.providers[call.provider];
  const text = new TextDecoder();
  const isIt = (sent: string) => sent.includes(asked.model);
  const sent = requests.find(({ path, body }) => isIt(path) || isIt(text.decode(body)));
  return sent!.body.length + 32;
}

/** Asks again and again, and returns what ends it. A settlement may come after the next request. */
async function useUp(caller: Caller, call: BilledCall, asked: Asked): Promise<string> {
  for (;;) {
    const { result } = await ask(caller, call, asked);
    if (result !== "200" && result !== "budget_reserved") return result;
  }
}

/** A request of any operation. Most ask for a cap: one without reserves thousands of tokens. */
function mixed(random: () => number, mark: string): [BilledCall, Asked] {
  const one = <T>(list: readonly T[]): T => list[Math.floor(random() * list.length)]!;
  const [, call] = one(CALLS);
  const model = `${one(MODELS)}-${mark}`;
  const text = wordsOf(20 + Math.floor(random() * 40));
  const asked = { model, text, cap: random() < 0.05 ? undefined : one([16, 40, 64, 100]) };
  return [call, call.givesSeveral ? { ...asked, count: one([undefined, 1, 2, 3]) } : asked];
}

describe.each([
  ["memory", "memory"],
  ["a file", `sqlite:${folder.path("ledger.db")}`],
  ...(TEST_LEDGER === undefined ? [] : [["the store under test", TEST_LEDGER] as const]),
])("with two workers and the ledger in %s", (name, ledger) => {
  let gateway: ConfiguredGateway;
  beforeAll(async () => {
    gateway = await startBilledGateway(billing, { ledger, prices });
  }, 60_000);
  afterAll(async () => expect(await gateway.stop()).toBe(0), 60_000);

  describe.each(LIMITED)("and a limit of $counter", ({ counter, limit, ...limited }) => {
    const mark = `${name.replaceAll(" ", "-")}-${counter}`;

    test("200 requests at once, again and again, are never billed for more", async () => {
      const token = await freshToken({ allow: ["n"], ...limited.optionOf(limit) });
      const caller = { gateway, billing, token };
      const flood = `${mark}-flood`;
      const seed = Math.floor(Math.random() * 1e9);
      const random = randomOf(seed);
      const rounds: Record<string, number>[] = [];
      const exhausted = { [`${counter}_exhausted`]: FOLLOWING };
      while (!Bun.deepEquals(rounds.at(-1), exhausted) && rounds.length < 50) {
        const length = rounds.length === 0 ? COUNT : FOLLOWING;
        const asked = Array.from({ length }, () => ask(caller, ...mixed(random, flood)));
        rounds.push(tally(await Promise.all(asked)));
        expect(limited.billed(flood)).toBeLessThanOrEqual(limit);
      }
      const billed = limited.billed(flood);
      const accepted = rounds.reduce((sum, { 200: count = 0 }) => sum + count, 0);
      console.log(`${name}, seed ${seed}: ${accepted} accepted, ${billed} of ${limit} billed`);
      expect(rounds.at(-1)).toEqual(exhausted);
      expect(billed).toBeGreaterThan(limit * 0.9);
      // A settlement is not waited for.
      await waitUntil("the last settlement", async () => (await leftOf(caller)) === limit - billed);
    }, 60_000);

    test("one client in sequence uses at least 90 % of it", async () => {
      const shares = CALLS.map(async ([callName, call]) => {
        const model = `m-thinking-${callName}-${mark}`;
        const asked = { text: wordsOf(100), cap: 64 };
        const ample = await freshToken({ allow: ["n"], ...limited.optionOf(1e9) });
        const first = { ...asked, model: `${model}-first` };
        const bound = await inputBound({ gateway, billing, token: ample }, call, first);
        const limit = 10 * limited.need(bound, 16);
        const token = await freshToken({ allow: ["n"], ...limited.optionOf(limit) });
        const later = { ...asked, model: `${model}-later` };
        expect(await useUp({ gateway, billing, token }, call, later)).toBe(`${counter}_exhausted`);
        return [callName, limited.billed(later.model) / limit] as const;
      });
      const all = await Promise.all(shares);
      expect(all.filter(([, share]) => !(share >= 0.9 && share <= 1))).toEqual([]);
    }, 60_000);
  });
});
