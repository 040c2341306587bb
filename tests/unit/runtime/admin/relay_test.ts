import { describe, expect, test } from "bun:test";
import type { ActivitySums } from "../../../../lib/runtime/admin/activity/activity_sums.ts";
import { ActivityRelay, type RelayParts } from "../../../../lib/runtime/admin/activity/relay.ts";
import type { CountedRecord } from "../../../../lib/runtime/admin/activity/usage.ts";
import { record } from "./counted_record.ts";

const NOON = Date.UTC(2026, 10, 29, 12);

describe("ActivityRelay", () => {
  function relayed(more: Partial<RelayParts> = {}) {
    const sent: ActivitySums[] = [];
    const send = (sums: ActivitySums) => void sent.push(structuredClone(sums));
    return { sent, relay: new ActivityRelay({ send, now: () => NOON, ...more }) };
  }

  test("gives no hour what ended in the next, also while the process is too busy for its timers", () => {
    const clock = { now: NOON - 1 };
    const { sent, relay } = relayed({ now: () => clock.now });
    relay.observe(record());
    clock.now = NOON;
    relay.observe(record());
    clock.now = NOON + 4_999;
    relay.observe(record());
    relay.flush();
    expect(sent.map(({ at, total }) => [at, total.requests])).toEqual([
      [NOON - 1, 1],
      [NOON, 2],
    ]);
  });

  test.each([
    ["when the tick is over", 10_040, 0],
    ["when a refusal has the last name", 1, 10_000],
  ])(
    "gives no hour what ended before, also when there are too many names: %s",
    (_, done, refused) => {
      const clock = { now: NOON - 1_000 };
      const { sent, relay } = relayed({ now: () => clock.now });
      for (let i = 0; i < done; i++) relay.observe(record({ subject: `s${i}` }));
      const refusal = { outcome: "refused", code: "rate_limited" } as const;
      for (let i = 0; i < refused; i++) relay.observe(record({ ...refusal, subject: `r${i}` }));
      clock.now = NOON + 1;
      relay.observe(record());
      relay.flush();
      const requestsFrom = (time: number) =>
        sent.filter(({ at }) => at === time).reduce((sum, { total }) => sum + total.requests, 0);
      expect([requestsFrom(NOON - 1_000), requestsFrom(NOON + 1)]).toEqual([done + refused, 1]);
      expect(sent.every(({ total }) => total.requests > 0)).toBe(true);
    },
  );

  test("hands on nothing more when the last name came last", () => {
    const { sent, relay } = relayed();
    for (let i = 0; i < 10_000; i++) relay.observe(record({ subject: `s${i}` }));
    relay.flush();
    expect(sent.map(({ total }) => total.requests)).toEqual([10_000]);
  });

  test("lists what failed with its own time, and counts what ended before with it", () => {
    const clock = { now: NOON };
    const { sent, relay } = relayed({ now: () => clock.now });
    relay.observe(record());
    clock.now += 1_000;
    relay.observe(record({ outcome: "refused", code: "rate_limited" }));
    clock.now += 1_000;
    relay.observe(record());
    clock.now += 1_000;
    relay.flush();
    expect(sent.map(({ at, total }) => [at, total.requests])).toEqual([[NOON, 3]]);
    expect(sent[0]!.refusals.map(({ time }) => time)).toEqual([
      new Date(NOON + 1_000).toISOString(),
    ]);
  });

  test.each([1, 10, 10_000])("hands %i records on as one message of the same size", (count) => {
    const { sent, relay } = relayed();
    for (let i = 0; i < count; i++) {
      const answered = { subject: `eve-${i % 3}`, model: "m", inputTokens: 3, costUsd: 0.5 };
      relay.observe({ ...record(answered), tokenId: "secret" } as CountedRecord);
      relay.observe(record({ outcome: "refused", code: "rate_limited", headMs: 20 }));
    }
    relay.flush();
    relay.flush();
    expect(sent.length).toBe(1);
    const [{ at, total, codes, heads, refusals, tables }] = sent as [ActivitySums];
    expect({ at, codes, heads: heads.length }).toEqual({
      at: NOON,
      codes: [["rate_limited", count]],
      heads: 2,
    });
    expect(total).toMatchObject({
      requests: 2 * count,
      errors: count,
      input_tokens: 3 * count,
      cost_usd: count / 2,
      bytes: 6 * count,
    });
    expect([refusals.length, tables.apps.length]).toEqual([Math.min(count, 200), 1]);
    expect([tables.subjects.length, tables.models.length]).toEqual([Math.min(count, 3), 1]);
    expect(JSON.stringify(sent)).not.toContain("secret");
  });

  test.each(["subject", "model"] as const)("hands 10,000 names of a %s on at once", (name) => {
    const { sent, relay } = relayed();
    for (let i = 0; i < 20_010; i++) relay.observe(record({ [name]: `s${i}` }));
    relay.flush();
    expect(sent.map(({ tables }) => tables[`${name}s`].length)).toEqual([10_000, 10_000, 10]);
    expect(sent.at(-1)!.tables[`${name}s`].at(-1)).toMatchObject({ requests: 1 });
    expect(sent.reduce((sum, { total }) => sum + total.requests, 0)).toBe(20_010);
  });

  test("hands sums on by itself, and none when nothing has happened", async () => {
    const first = Promise.withResolvers<ActivitySums>();
    // Nearly the end of a tick, so that the test does not wait for a whole one.
    const ahead = 4_900 - (Date.now() % 5_000);
    const now = () => Date.now() + ahead;
    const { relay } = relayed({ send: first.resolve, now });
    relay.flush();
    relay.observe(record({ outcome: "preflight" }));
    relay.flush();
    relay.observe(record());
    const before = now();
    const { at, total } = await first.promise;
    expect(total.requests).toBe(1);
    expect(at).toBeWithin(before - 1_000, before + 1);
  });
});
