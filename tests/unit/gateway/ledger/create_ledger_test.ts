import { beforeEach, describe, expect, test } from "bun:test";
import type { CounterDemand } from "../../../../lib/gateway/ledger/demand.ts";
import { APP_SCOPE } from "../../../../lib/gateway/ledger/forms/scope.ts";
import type { CountedRequest, Ledger } from "../../../../lib/gateway/ledger/ledger.ts";
import { LedgerError } from "../../../../lib/gateway/ledger/ledger_error.ts";
import type { Report } from "../../../../lib/gateway/ledger/store.ts";
import { Stage, TOKEN } from "../../../support/ledger/stage.ts";

const use: CounterDemand = { scope: TOKEN, counter: "uses", limit: 2 };
const place: CounterDemand = { scope: TOKEN, counter: "concurrent", limit: 1 };
const tokens: CounterDemand = {
  scope: TOKEN,
  counter: "tokens",
  limit: 1_000,
  fixed: 100,
  unit: 1,
};
const bytes: CounterDemand = { scope: TOKEN, counter: "bytes", limit: 10_000 };
const elastic = { least: 16, most: 500, isAsked: true };

let stage: Stage;

beforeEach(async () => {
  stage = new Stage();
  await stage.pass(10_000);
});

/** The code of the error with which a reservation ends. */
async function refusal(ledger: Ledger, request: CountedRequest): Promise<LedgerError> {
  const error = await stage.settled((async () => ledger.reserve(request))()).then(
    () => "it was reserved",
    (cause: unknown) => cause,
  );
  if (error instanceof LedgerError) return error;
  throw new Error(`no LedgerError: ${String(error)}`);
}

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
    expect(await refusal(ledger, request)).toMatchObject({
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
    const busy = await refusal(ledger, stage.request([place, { ...tokens, limit: 10_000 }]));
    expect(busy).toMatchObject({ code: "too_many_concurrent", retryAfterMs: 1_000 });
    const final = await refusal(ledger, stage.request([place, { ...tokens, fixed: 5_000 }]));
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

describe("a process that was stopped", () => {
  test("gives up its places before it forwards another byte", async () => {
    const lost: number[] = [];
    const { process, ledger } = stage.start({ onLost: (count) => void lost.push(count) });
    const reservation = await stage.settled(
      ledger.reserve(stage.request([place, tokens], { elastic })),
    );
    const other = await stage.settled(ledger.reserve(stage.request([use])));
    let calls = 0;
    reservation.onLost(() => calls++);
    process.stop();
    await stage.pass(70_000);
    expect([reservation.isHeld(), reservation.isHeld(), other.isHeld()]).toEqual([
      false,
      false,
      true,
    ]);
    process.continue();
    await stage.pass(10);
    expect([reservation.isHeld(), calls, lost]).toEqual([false, 1, [1]]);
    reservation.settle({ tokens: 300 });
    await stage.pass(10);
    expect(stage.amounts()).toEqual({ uses: [0, 1], tokens: [300, 0] });
  });

  test("keeps its places if it has the store itself", async () => {
    const { process, ledger } = stage.startLocal();
    const reservation = await stage.settled(ledger.reserve(stage.request([place])));
    process.stop();
    await stage.pass(70_000);
    expect(reservation.isHeld()).toBe(true);
  });

  test("while it waited for a place does not use it", async () => {
    const { process, ledger } = stage.start();
    stage.fateOf = ({ kind }) => ({ there: 1, back: kind === "reserve" ? 1_900 : 1 });
    const waiting = (async () => ledger.reserve(stage.request([place])))();
    waiting.catch(() => {});
    await stage.pass(1_000);
    process.stop();
    await stage.pass(70_000);
    process.continue();
    await stage.pass(10);
    expect(
      await waiting.then(
        () => "it was reserved",
        ({ code }) => code,
      ),
    ).toBe("ledger_unavailable");
    expect(stage.amounts()).toEqual({});
  });
});

describe("a store that does not answer", () => {
  test("makes a reservation unavailable after 2 seconds, and leaves nothing reserved", async () => {
    const { ledger } = stage.start();
    stage.fateOf = ({ kind }) => ({ there: 1, back: kind === "reserve" ? undefined : 1 });
    expect(await refusal(ledger, stage.request([use, place]))).toMatchObject({
      code: "ledger_unavailable",
      retryAfterMs: undefined,
    });
    expect(stage.amounts()).toEqual({});
  });

  test("gets a settlement again until it has confirmed it", async () => {
    const unknown: string[] = [];
    const { ledger } = stage.start({ onUnknown: () => void unknown.push("unknown") });
    const reservation = await stage.settled(ledger.reserve(stage.request([tokens], { elastic })));
    const sent: Report[] = [];
    stage.fateOf = (operation) => {
      if (operation.kind === "settle") sent.push(operation.report);
      return { there: 1, back: undefined };
    };
    reservation.settle({ tokens: 7 });
    await stage.pass(30_000);
    expect(sent.length).toBeGreaterThan(3);
    expect(new Set(sent)).toEqual(new Set([{ tokens: 7 }]));
    stage.fateOf = () => ({ there: 1, back: 1 });
    await stage.settled(ledger.close());
    expect(stage.amounts()).toEqual({ tokens: [7, 0] });
    // It was settled by the first try, whose reply was lost.
    expect(unknown).toEqual(["unknown"]);
  });

  test("lets a process stop after 5 seconds", async () => {
    const { ledger } = stage.start();
    const reservation = await stage.settled(ledger.reserve(stage.request([use])));
    stage.fateOf = () => ({});
    reservation.settle({});
    let isClosed = false;
    void ledger.close().then(() => (isClosed = true));
    await stage.pass(4_900);
    expect(isClosed).toBe(false);
    await stage.pass(200);
    expect(isClosed).toBe(true);
    expect(await refusal(ledger, stage.request([use]))).toMatchObject({
      code: "ledger_unavailable",
    });
  });

  test("gets 10,000 reservations at once and no more", async () => {
    const { ledger } = stage.start();
    stage.fateOf = () => ({});
    const waiting = Array.from({ length: 10_000 }, () => ledger.reserve(stage.request([use])));
    for (const one of waiting) (one as Promise<unknown>).catch(() => {});
    expect(() => ledger.reserve(stage.request([use]))).toThrow("ledger_unavailable");
  });

  test("makes a draw unavailable", async () => {
    const { ledger } = stage.start();
    const reservation = await stage.settled(ledger.reserve(stage.request([bytes])));
    stage.fateOf = () => ({});
    const drawn = stage.settled(reservation.draw());
    expect(
      await drawn.then(
        () => "drawn",
        ({ code }) => code,
      ),
    ).toBe("ledger_unavailable");
  });
});

describe("a process that is gone", () => {
  test("is swept when its places are in the way, and the reservation is made", async () => {
    const swept: number[] = [];
    const [gone, { ledger }] = [
      stage.start(),
      stage.start({ onSwept: (count) => void swept.push(count) }),
    ];
    await stage.settled(gone.ledger.reserve(stage.request([place, tokens], { elastic })));
    gone.process.kill();
    expect(await refusal(ledger, stage.request([place]))).toMatchObject({
      code: "too_many_concurrent",
    });
    await stage.pass(46_000);
    const reservation = await stage.settled(ledger.reserve(stage.request([place])));
    expect(reservation.isHeld()).toBe(true);
    expect(stage.amounts()).toEqual({ concurrent: [0, 1], tokens: [600, 0] });
    expect(swept).toEqual([1]);
  });

  test("is swept by the heartbeats of others", async () => {
    const [gone, other] = [stage.start(), stage.start()];
    await stage.settled(gone.ledger.reserve(stage.request([tokens], { elastic })));
    await stage.settled(other.ledger.reserve(stage.request([use])));
    gone.process.kill();
    await stage.pass(60_000);
    expect(stage.amounts()).toEqual({ tokens: [600, 0], uses: [0, 1] });
  });
});

test("a process that is cut off gives its places up before another gets them", async () => {
  const [one, other] = [stage.start(), stage.start()];
  const held = await stage.settled(one.ledger.reserve(stage.request([place])));
  let lostAt = Infinity;
  held.onLost(() => (lostAt = stage.events.now));
  stage.fateOf = (_, owner) => (owner === "process 1" ? {} : { there: 1, back: 1 });
  const cutAt = stage.events.now;
  let reservedAt = Infinity;
  const attempt = async () => {
    await other.ledger.reserve(stage.request([place]));
    reservedAt = Math.min(reservedAt, stage.events.now);
  };
  for (let second = 0; second < 60; second++) {
    attempt().catch(() => {});
    await stage.pass(1_000);
  }
  expect(lostAt - cutAt).toBeLessThanOrEqual(38_000);
  expect(reservedAt).toBeGreaterThan(lostAt);
  expect(reservedAt - cutAt).toBeLessThan(47_000);
});

test("a report above its reservation is charged and told", async () => {
  const overruns: Report[] = [];
  const { ledger } = stage.start({ onOverrun: (excess) => void overruns.push(excess) });
  const reservation = await stage.settled(ledger.reserve(stage.request([tokens], { elastic })));
  reservation.settle({ tokens: 1_300 });
  await stage.pass(10);
  expect(stage.amounts()).toEqual({ tokens: [1_300, 0] });
  expect(overruns).toEqual([{ tokens: 700 }]);
  expect(await refusal(ledger, stage.request([tokens]))).toMatchObject({
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
