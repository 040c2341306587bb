import { KEPT_EXPIRED_MS } from "../../../../lib/gateway/ledger/revocation/revocation.ts";
import { Database } from "bun:sqlite";
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import type { Credential } from "../../../../lib/gateway/model/grant.ts";
import { createRevocations } from "../../../../lib/gateway/ledger/revocation/revocations.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";
import { fileRevocations } from "../../../../lib/runtime/ledger/sqlite/file_revocations.ts";
import { storeKinds, type StoreUnderTest } from "../../../support/ledger/revocation/stores.ts";
import { waitFor } from "../../../support/wait_for.ts";

const HOUR = 3_600_000;
const untilLater = () => ({ until: Date.now() + HOUR });
const lifted = () => ({ ...untilLater(), isLifted: true });

const ofToken = (tokenId: string): Credential => ({ scheme: "token", tokenId, issuedAt: 0 });

test("revocations in a file survive a restart while the clock is ahead", () => {
  using database = new Database(":memory:");
  const clock = { now: Date.now() };
  const now = () => clock.now;
  const put = (token: string) => ({ app: "web", token, at: 0, until: clock.now + HOUR });
  const all = { epoch: "", since: 0 };
  fileRevocations(database, now).sync({ ...all, put: [put("one")] });
  clock.now += 20 * HOUR;
  fileRevocations(database, now).sync({ ...all, put: [put("two")] });
  clock.now -= 20 * HOUR;
  const { changes } = fileRevocations(database, now).sync({ ...all, put: [] });
  expect(changes.map(({ token }) => token)).toEqual(["one", "two"]);
});

describe.each(await storeKinds())("revocations in $name", ({ open }) => {
  let opened: StoreUnderTest;
  const following: { stop: () => void }[] = [];
  beforeAll(async () => void (opened = await open()), 60_000);
  afterAll(async () => {
    for (const one of following) one.stop();
    await opened[Symbol.asyncDispose]();
  });

  async function follow(process?: string) {
    const parts = {
      store: opened.store,
      timers: new TimerWheel(),
      now: Date.now,
      ...(process !== undefined && { process }),
    };
    const revocations = createRevocations(parts);
    following.push(revocations);
    await revocations.start();
    return revocations;
  }

  test("are added again when the store has lost them, and lifted ones stay lifted", async () => {
    const one = await follow();
    for (const token of ["kept", "lifted"]) await one.change({ app: "web", token }, untilLater());
    const stale = await follow();
    await one.change({ app: "web", token: "lifted" }, lifted());
    await opened.lose();
    const later = await follow();
    await waitFor("the loss to be mended", () => later.isRevoked("web", ofToken("kept")));
    // What a process that had not heard of the lifting adds again is the older.
    await waitFor("the lifting", () => !stale.isRevoked("web", ofToken("lifted")));
    expect(later.isRevoked("web", ofToken("lifted"))).toBe(false);
    expect(later.inForce.filter(({ token }) => token === "lifted")).toEqual([]);
    following.splice(0).forEach((it) => it.stop());
  });

  test("are those of the later of two changes, in whichever order they come", async () => {
    const at = Date.now();
    const put = async (change: { at: number; isLifted?: boolean }) => {
      const revocation = { app: "web", token: "twice", ...untilLater(), ...change };
      await opened.store.sync({ epoch: "", since: 0, put: [revocation] });
      const one = await follow();
      one.stop();
      return one.isRevoked("web", ofToken("twice"));
    };
    expect(await put({ at, isLifted: true })).toBe(false);
    expect(await put({ at: at - 1 })).toBe(false);
    expect(await put({ at: at + 1 })).toBe(true);
    expect(await put({ at, isLifted: true })).toBe(true);
    // One that was over long ago is not stored, and a new one is later than any.
    expect(await put({ at: at + 2, until: at - KEPT_EXPIRED_MS } as never)).toBe(true);
    expect(await put({ at: 0, isLifted: true })).toBe(false);
  });

  test("come in pages", async () => {
    const put = Array.from({ length: 1_201 }, (_, i) => ({
      app: "many",
      token: `${i}`,
      at: 0,
      ...untilLater(),
    }));
    for (let i = 0; i < put.length; i += 500) {
      await opened.store.sync({ epoch: "", since: 0, put: put.slice(i, i + 500) });
    }
    const one = await follow();
    const known = put.filter(({ token }) => one.isRevoked("many", ofToken(token)));
    expect(known.length).toBe(put.length);
    one.stop();
  });

  test("survive odd ids", async () => {
    const one = await follow();
    const odd = ['"', "\\", "日本 \u{1f600}", "\0\n", "a b", "{x}", "1e3", "null"];
    for (const token of odd) await one.change({ app: "{web}:é", token }, untilLater());
    const other = await follow();
    const known = odd.filter((token) => other.isRevoked("{web}:é", ofToken(token)));
    expect(known).toEqual(odd);
    following.splice(0).forEach((it) => it.stop());
  });

  test("survive a restart where the store keeps them", async () => {
    const one = await follow();
    await one.change({ app: "web", subject: "eve" }, untilLater());
    one.stop();
    if (!opened.reopen) return;
    await opened.reopen();
    const later = await follow();
    expect(later.isRevoked("web", { scheme: "token", subject: "eve" })).toBe(true);
    later.stop();
  });

  // Last, because a store takes its processes for running for 5 seconds.
  test("are known to all processes when the answer says so, and lifted for all", async () => {
    const [one, other] = [await follow("one"), await follow("other")];
    const revoked = { app: "web", token: "shared" };
    const processes = { known: 2, reached: 2 };
    expect(await one.change(revoked, untilLater())).toEqual({ processes, wasInForce: false });
    expect(other.isRevoked("web", ofToken("shared"))).toBe(true);
    expect(other.isRevoked("web", ofToken("another"))).toBe(false);
    expect(other.isRevoked("shop", ofToken("shared"))).toBe(false);
    // What another process made is known here before it is lifted.
    expect(await other.change(revoked, lifted())).toEqual({ processes, wasInForce: true });
    expect(await one.change(revoked, lifted())).toEqual({ processes, wasInForce: false });
    expect(one.isRevoked("web", ofToken("shared"))).toBe(false);
    following.splice(0).forEach((it) => it.stop());
  });
});
