import { RedisClient } from "bun";
import { afterAll, describe, expect, test } from "bun:test";
import { utcCalendar } from "../../../../lib/gateway/ledger/forms/period.ts";
import counters from "../../../../lib/runtime/ledger/redis/script/counters.lua" with { type: "text" };
import { compareWithModel } from "../../../support/ledger/compare_with_model.ts";
import { startRedisSubjects } from "../../../support/ledger/redis/redis_subject.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { simulate } from "../../../support/ledger/simulation/simulate.ts";

const subjects = await startRedisSubjects();
afterAll(() => subjects[Symbol.asyncDispose]());

describe.each(subjects.kinds)("$name", (kind) => {
  test("does what the model does, for random commands and failovers", async () => {
    expect(await compareWithModel(kind, { count: 120 })).toBe(120);
  }, 120_000);
});

describe("the comparison finds a script that", () => {
  test.each([
    ["grants one token too many", "math.min(most, share))", "math.min(most, share) + 1)"],
    ["ignores another run id", "meta[1] ~= ARGV[1]", "meta[1] == ARGV[1] .. 1"],
    ["lets the clock of an app run back", "math.max(now, meta and meta[3] or 0)", "now"],
    ["forgets a release", "setPast(id, { now + MARK_MS })", ""],
    ["keeps the lease of an owner without reservations", 'redis.call("ZREM", LEASES, name)', ""],
    ["writes a row without expiry", '"PXAT", text(expiry + 4000000000000)', '"KEEPTTL"'],
  ])(
    "%s",
    async (_, part, mistake) => {
      let isSpoiled = false;
      await using spoiled = await startRedisSubjects((text) => {
        isSpoiled = text.includes(part);
        return text.replaceAll(part, mistake);
      });
      expect(isSpoiled).toBe(true);
      const found = compareWithModel(spoiled.kinds[0]!, { count: 3_000, seed: 4, isShrunk: false });
      await expect(found).rejects.toThrow("Counterexample");
    },
    60_000,
  );
});

test("the script and the gateway agree on the months of 2000 to 2101", async () => {
  const DAY_MS = 86_400_000;
  const [first, last] = [Date.UTC(2000, 0, 1) / DAY_MS, Date.UTC(2102, 0, 1) / DAY_MS];
  const start = counters.indexOf("local function nextMonth");
  const text = counters.slice(start, counters.indexOf("local function periodEnd"));
  const script = `#!lua\n${text}local ends = {}
    for day = ${first}, ${last} - 1 do ends[#ends + 1] = nextMonth(day) end return ends`;
  const [program] = await storePrograms();
  await using server = await StoreServer.start({ program: program! });
  const client = new RedisClient(server.url);
  const ends = (await client.send("EVAL", [script, "0"])) as number[];
  client.close();
  expect(ends).toHaveLength(last - first);
  const wrong = ends.filter((end, index) => {
    return end * DAY_MS !== utcCalendar("month", (first + index) * DAY_MS);
  });
  expect(wrong).toEqual([]);
});

test("limits hold for gateways on a bad network, with failovers and flushes", async () => {
  const { schedules, served, refusals } = await simulate({ count: 100 }, subjects.kinds[0]);
  expect(schedules).toBe(100);
  expect(served).toBeGreaterThan(0);
  expect([...refusals.keys()]).toContain("ledger_unavailable");
}, 120_000);
