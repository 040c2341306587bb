import { describe, expect, test } from "bun:test";
import { parseRedisLocation } from "../../../../lib/config/redis_location.ts";
import { openRedisStore } from "../../../../lib/runtime/ledger/redis/open_redis_store.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";

describe.each(await storePrograms())("notes of usage in $name", (program) => {
  async function open() {
    const server = await StoreServer.start({ program });
    const location = parseRedisLocation(server.url);
    if ("mistake" in location) throw new Error(location.mistake);
    const { usage, close } = await openRedisStore(location, { onFailure() {}, onRecovery() {} });
    const put = (gateway: string, text: string, keptMs = 60_000) =>
      usage.put({ period: "hour:0", gateway, text, keptMs });
    const dispose = async () => {
      close();
      await server[Symbol.asyncDispose]();
    };
    return { server, usage, put, [Symbol.asyncDispose]: dispose };
  }

  test("replace each other, are those of one period, and lapse", async () => {
    await using it = await open();
    expect([await it.put("a", "1"), await it.put("b", "2"), await it.put("a", "3")]).toEqual([
      true,
      true,
      true,
    ]);
    expect(await it.usage.read("hour:0")).toEqual({ a: "3", b: "2" });
    expect(await it.usage.read("hour:3600000")).toEqual({});
    const [key] = (await it.server.ask("KEYS", "*usage*")) as [string];
    expect(Number(await it.server.ask("PTTL", key))).toBeWithin(1, 60_001);
  });

  test("are those of 256 gateways at most, which may replace theirs", async () => {
    await using it = await open();
    for (let i = 0; i < 256; i++) expect(await it.put(`g${i}`, "1")).toBe(true);
    expect([await it.put("late", "1"), await it.put("g0", "2")]).toEqual([false, true]);
    const notes = await it.usage.read("hour:0");
    expect([Object.keys(notes).length, notes["g0"]]).toEqual([256, "2"]);
  });

  test("that cannot be kept or read are refused", async () => {
    await using it = await open();
    await it.server.kill();
    for (const asked of [it.put("a", "1"), it.usage.read("hour:0")]) {
      expect(await asked.catch(() => "refused")).toBe("refused");
    }
  });
});
