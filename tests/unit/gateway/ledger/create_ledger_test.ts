import { beforeEach, describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { CountedRequest } from "../../../../lib/gateway/ledger/ledger.ts";
import type { Report } from "../../../../lib/gateway/ledger/store.ts";
import { bytes, elastic, place, Stage, TOKEN, tokens, use } from "../../../support/ledger/stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = new Stage();
  await stage.pass(10_000);
});

describe.each([
  ["a store in this process", "startLocal"],
  ["a store behind a network", "start"],
] as const)("with %s, a reservation", (_, start) => {
  test("tells the cap, the allowance and what is left", async () => {
    const { ledger } = stage[start]();
    const request = stage.request([use, tokens, bytes], { elastic });
    const reservation = await stage.settled(ledger.reserve(request));
    expect(reservation).toMatchObject({ granted: 500, allowance: 4_096, left: [1, 400, 5_904] });
    expect(stage.amounts()).toEqual({ uses: [0, 1], tokens: [0, 600], bytes: [0, 4_096] });
  });

  test("is settled once, with what was reported", async () => {
    const { ledger } = stage[start]();
    const reservation = await stage.settled(
      ledger.reserve(stage.request([use, tokens], { elastic })),
    );
    reservation.settle({ tokens: 120 });
    reservation.settle({ tokens: 500 });
    reservation.release();
    await stage.pass(10);
    expect(stage.amounts()).toEqual({ uses: [1, 0], tokens: [120, 0] });
  });

  test("is given back, but for rates", async () => {
    const { ledger } = stage[start]();
    const rate: CounterDemand = {
      scope: APP_SCOPE,
      counter: "rate",
      limit: { count: 1, period: "h", burst: 1 },
    };
    const request = stage.request([use, tokens, rate], { elastic });
    (await stage.settled(ledger.reserve(request))).release();
    await stage.pass(10);
    expect(stage.amounts()).toEqual({});
    expect(await stage.refusal(ledger, request)).toMatchObject({
      code: "rate_limited",
      retryAfterMs: 60_000,
    });
  });

  test("draws bytes until none are left", async () => {
    const { ledger } = stage[start]();
    const reservation = await stage.settled(ledger.reserve(stage.request([bytes])));
    const blocks = [];
    for (let index = 0; index < 3; index++) blocks.push(await stage.settled(reservation.draw()));
    expect(blocks).toEqual([4_096, 1_808, 0]);
    expect(reservation.allowance).toBe(10_000);
    reservation.settle({ bytes: 4_100 });
    await stage.pass(10);
    expect(stage.amounts()).toEqual({ bytes: [4_100, 0] });
  });

  test("without bytes has no allowance to draw from", async () => {
    const { ledger } = stage[start]();
    const reservation = await stage.settled(ledger.reserve(stage.request([use])));
    expect([reservation.allowance, reservation.draw()]).toEqual([Infinity, Infinity]);
  });

  test("is refused with the code of the most final counter", async () => {
    const { ledger } = stage[start]();
    await stage.settled(ledger.reserve(stage.request([place, tokens], { elastic })));
    const busy = await stage.refusal(ledger, stage.request([place, { ...tokens, limit: 10_000 }]));
    expect(busy).toMatchObject({ code: "too_many_concurrent", retryAfterMs: 1_000 });
    const final = await stage.refusal(ledger, stage.request([place, { ...tokens, fixed: 5_000 }]));
    expect(final).toMatchObject({ code: "tokens_exhausted", retryAfterMs: undefined });
    expect(stage.amounts()).toEqual({ concurrent: [0, 1], tokens: [0, 600] });
  });

  test("is held while the process runs", async () => {
    const { ledger } = stage[start]();
    const reservation = await stage.settled(ledger.reserve(stage.request([place])));
    await stage.pass(300_000);
    expect(reservation.isHeld()).toBe(true);
    reservation.settle({});
    await stage.pass(10);
    expect(stage.amounts()).toEqual({});
  });

  test("is read and reset", async () => {
    const { ledger } = stage[start]();
    (await stage.settled(ledger.reserve(stage.request([use])))).settle({});
    await stage.settled(ledger.reserve(stage.request([use])));
    expect(await stage.settled(ledger.read("web", [TOKEN, APP_SCOPE]))).toEqual([
      [{ name: "uses", settled: 1, reserved: 1 }],
      [],
    ]);
    expect(await stage.settled(ledger.reset("web", [TOKEN]))).toBe(1);
    expect(stage.amounts()).toEqual({ uses: [0, 1] });
  });
});

test("a report above its reservation is charged and told", async () => {
  const overruns: Report[] = [];
  const { ledger } = stage.start({ onOverrun: (excess) => void overruns.push(excess) });
  const reservation = await stage.settled(ledger.reserve(stage.request([tokens], { elastic })));
  reservation.settle({ tokens: 1_300 });
  await stage.pass(10);
  expect(stage.amounts()).toEqual({ tokens: [1_300, 0] });
  expect(overruns).toEqual([{ tokens: 700 }]);
  expect(await stage.refusal(ledger, stage.request([tokens]))).toMatchObject({
    code: "tokens_exhausted",
  });
});

test.each<[string, Report, number]>([
  ["no number", { tokens: Number.NaN }, 600],
  ["a fraction", { tokens: 1.5 }, 600],
  ["negative", { tokens: -1 }, 600],
  ["1e300", { tokens: 1e300 }, 600],
  ["missing", {}, 600],
  ["zero", { tokens: 0 }, 0],
])("a report that is %s charges %#", async (_, report, charged) => {
  const { ledger } = stage.startLocal();
  (await ledger.reserve(stage.request([use, tokens], { elastic }))).settle(report);
  expect(stage.amounts()["tokens"]?.[0] ?? 0).toBe(charged);
});

test.each<[string, Partial<CountedRequest>]>([
  ["a limit that is no integer", { demands: [{ ...use, limit: 1.5 }] }],
  ["a negative limit", { demands: [{ ...use, limit: -1 }] }],
  ["a limit above 9 · 10^15", { demands: [{ ...use, limit: 9e15 + 2 }] }],
  ["a fixed amount that is no number", { demands: [{ ...tokens, fixed: Number.NaN }] }],
  ["an infinite unit", { demands: [{ ...tokens, unit: Infinity }] }],
  ["two demands of one counter", { demands: [use, { ...use, limit: 5 }] }],
  ["a least above the most", { demands: [tokens], elastic: { least: 2, most: 1, isAsked: true } }],
  ["a token without its times", { demands: [use], credential: undefined as never }],
])("a request with %s is a mistake of the caller", (_, wrong) => {
  const { ledger } = stage.startLocal();
  expect(() => ledger.reserve({ ...stage.request([use]), ...wrong })).toThrow(RangeError);
});

test("two periods and two rates of one scope are counters of their own", async () => {
  const { ledger } = stage.startLocal();
  const rate = (count: number): CounterDemand => ({
    scope: TOKEN,
    counter: "rate",
    limit: { count, period: "s", burst: 1 },
  });
  const demands = [tokens, { ...tokens, period: "day" } as CounterDemand, rate(1), rate(2)];
  await ledger.reserve(stage.request(demands));
  const [readings] = await ledger.read("web", [TOKEN]);
  expect(readings!.map(({ name }) => name)).toEqual([
    ...["rate 1/s burst 1", "rate 2/s burst 1", "tokens", "tokens/day"],
  ]);
});
