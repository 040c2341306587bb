import { beforeEach, describe, expect, test } from "bun:test";
import { createLedger } from "../../../../lib/gateway/ledger/create_ledger.ts";
import {
  type LedgerStore,
  NotExecutedError,
  type Operation,
  type Report,
} from "../../../../lib/gateway/ledger/store.ts";
import { bytes, elastic, place, Stage, tokens, use } from "../../../support/ledger/stage.ts";

let stage: Stage;

beforeEach(async () => {
  stage = new Stage();
  await stage.pass(10_000);
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
    expect(await stage.refusal(ledger, stage.request([use, place]))).toMatchObject({
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
    expect(await stage.refusal(ledger, stage.request([use]))).toMatchObject({
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

describe("a heartbeat", () => {
  test("that takes longer than its reservations is waited for", async () => {
    const { ledger } = stage.start();
    stage.fateOf = ({ kind }) => ({ there: 1, back: kind === "beat" ? 1_000 : 1 });
    const waiting = [use, place].map(async (demand) => ledger.reserve(stage.request([demand])));
    await stage.pass(900);
    expect(stage.amounts()).toEqual({ uses: [0, 1], concurrent: [0, 1] });
    const reservations = await stage.settled(Promise.all(waiting));
    expect(reservations.map((reservation) => reservation.isHeld())).toEqual([true, true]);
  });

  test("that is lost does no harm while an earlier one counts", async () => {
    const { ledger } = stage.start();
    await stage.settled(ledger.reserve(stage.request([use])));
    stage.fateOf = ({ kind }) => (kind === "beat" ? {} : { there: 1, back: 1 });
    await stage.pass(15_000);
    const held = await stage.settled(ledger.reserve(stage.request([place])));
    expect(held.isHeld()).toBe(true);
    await stage.pass(30_000);
    expect(held.isHeld()).toBe(false);
    const late = await stage.refusal(ledger, stage.request([{ ...use, limit: 9 }]));
    expect(late.code).toBe("ledger_unavailable");
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
    expect(await stage.refusal(ledger, stage.request([place]))).toMatchObject({
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

test.each([
  ["was certainly not executed is not", () => new NotExecutedError("not sent"), ["reserve"]],
  ["may have been executed is", () => new Error("timeout"), ["reserve", "release"]],
])("a reservation that %s released", async (_, errorOf, expected) => {
  const kinds: string[] = [];
  const store = {
    run({ kind }: Operation) {
      if (kind === "beat") return { expired: [] };
      kinds.push(kind);
      return kind === "release" ? { was: "unknown" } : Promise.reject(errorOf());
    },
  };
  const { process } = stage.start();
  const ledger = createLedger({ store: store as LedgerStore, timers: process.timers() });
  expect(await stage.refusal(ledger, stage.request([use]))).toMatchObject({
    code: "ledger_unavailable",
  });
  await stage.pass(60_000);
  expect(kinds).toEqual(expected);
});
