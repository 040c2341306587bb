import { describe, expect, test } from "bun:test";
import { parseRedisLocation } from "../../../../lib/config/ledger/redis_location.ts";
import { openRedisStore } from "../../../../lib/runtime/ledger/redis/open_redis_store.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { ROOT } from "../../../support/root.ts";

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

  test("and revocations need no more rights than the user of docs/limits.md has", async () => {
    await using it = await open();
    const page = await Bun.file(`${ROOT}/docs/limits.md`).text();
    const [, name, rights] = /^user (\S+) on >password (.+)$/m.exec(page)!;
    await it.server.ask("ACL", "SETUSER", name!, "on", ">password", ...rights!.split(" "));
    const location = parseRedisLocation(`redis://${name}:password@127.0.0.1:${it.server.port}`);
    if ("mistake" in location) throw new Error(location.mistake);
    const least = await openRedisStore(location, { onFailure() {}, onRecovery() {} });
    const note = { period: "hour:0", gateway: "a", text: "1", keptMs: 60_000 };
    expect(await least.usage.put(note)).toBe(true);
    expect(await least.usage.read("hour:0")).toEqual({ a: "1" });
    const revocation = { app: "web", token: "t", at: 0, until: Date.now() + 60_000 };
    const { changes } = await least.revocations.sync({ epoch: "", since: 0, put: [revocation] });
    expect(changes).toMatchObject([{ app: "web", token: "t" }]);
    least.close();
  });

  test("that cannot be kept or read are refused", async () => {
    await using it = await open();
    await it.server.kill();
    for (const asked of [it.put("a", "1"), it.usage.read("hour:0")]) {
      expect(await asked.catch(() => "refused")).toBe("refused");
    }
  });
});
