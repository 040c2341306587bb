import { describe, expect, test } from "bun:test";
import type { Admission, Credential } from "../../../../../lib/gateway/model/grant.ts";
import { MemoryRevocations } from "../../../../../lib/gateway/ledger/revocation/memory_revocations.ts";
import {
  createRevocations,
  type RevocationParts,
} from "../../../../../lib/gateway/ledger/revocation/revocations.ts";
import { TimerWheel } from "../../../../../lib/gateway/time/timer_wheel.ts";

const NOW = Date.UTC(2026, 10, 29);
const HOUR = 3_600_000;
const LATER = { until: NOW + HOUR };

function stage(more: Partial<RevocationParts> = {}) {
  const clock = { now: NOW };
  const now = () => clock.now;
  const store = new MemoryRevocations({ now });
  const revocations = createRevocations({
    store,
    timers: new TimerWheel(now),
    now,
    process: "p",
    ...more,
  });
  return { clock, revocations };
}

const issued = (issuedAt?: number): Credential => ({
  scheme: "token",
  tokenId: "t1",
  subject: "eve",
  ...(issuedAt !== undefined && { issuedAt }),
});

function admissionOf(credential: Credential): Admission {
  const url = new URL("https://api.test/");
  return {
    grant: {
      principal: { id: "web", upstreams: [] },
      credential,
      permits: {},
      target: url,
      coveredHeaders: [],
    },
    target: { url, rule: { headers: [] } },
  };
}

/** An exchange whose end a test decides. */
function exchange(requestId = "one") {
  const ends: (() => void)[] = [];
  return {
    requestId,
    age: 0,
    record: { requestId, method: "GET", status: 0, bytesIn: 0, bytesOut: 0 },
    onEnd: (callback: () => void) => void ends.push(callback),
    end: () => ends.forEach((it) => it()),
  };
}

describe("a revocation", () => {
  test.each<[string, object, Credential, boolean]>([
    ["of a token", { token: "t1" }, issued(NOW), true],
    ["of another token", { token: "t2" }, issued(NOW), false],
    ["of its subject", { subject: "eve" }, issued(NOW), true],
    ["of another subject", { subject: "eva" }, issued(NOW), false],
    ["of a token that has the subject's name", { token: "eve" }, issued(NOW), false],
    ["of all from before", { before: NOW }, issued(NOW - 1), true],
    ["of all from before its very time", { before: NOW }, issued(NOW), false],
    ["of all from before, without a time of issue", { before: NOW }, issued(), true],
    [
      "of all from before, for a signed URL",
      { before: NOW },
      { scheme: "signed_url", issuedAt: 1 },
      true,
    ],
    [
      "of all from before, for a route without signature",
      { before: NOW },
      { scheme: "none" },
      false,
    ],
  ])("%s", async (_, revoked, credential, isRevoked) => {
    const { revocations } = stage();
    await revocations.change({ app: "web", ...revoked }, LATER);
    expect(revocations.isRevoked("web", credential)).toBe(isRevoked);
    expect(revocations.isRevoked("web2", credential)).toBe(false);
  });

  test("ends when the last credential has expired", async () => {
    const { revocations, clock } = stage();
    await revocations.change({ app: "web", token: "t1" }, LATER);
    clock.now = LATER.until - 1;
    expect(revocations.isRevoked("web", issued())).toBe(true);
    clock.now = LATER.until;
    expect(revocations.isRevoked("web", issued())).toBe(false);
    expect(revocations.inForce).toEqual([]);
  });

  test("counts again after a clock that was ahead for hours", async () => {
    const { revocations, clock } = stage();
    await revocations.change({ app: "web", token: "t1" }, LATER);
    clock.now = LATER.until + 20 * HOUR;
    await revocations.change({ app: "web", token: "t2" }, { until: clock.now + HOUR });
    expect(revocations.isRevoked("web", issued())).toBe(false);
    clock.now = NOW;
    await revocations.change({ app: "web", token: "t3" }, LATER);
    expect(revocations.isRevoked("web", issued())).toBe(true);
    expect(revocations.inForce).toHaveLength(3);
  });

  test("is forgotten a day after the last credential has expired, by its store too", async () => {
    const clock = { now: NOW };
    const store = new MemoryRevocations({ now: () => clock.now });
    const { revocations } = stage({ store, now: () => clock.now });
    await revocations.change({ app: "web", token: "t1" }, LATER);
    clock.now = LATER.until + 24 * HOUR;
    await revocations.change({ app: "web", token: "t2" }, { until: clock.now + HOUR });
    clock.now = NOW;
    expect(revocations.isRevoked("web", issued())).toBe(false);
    expect(store.sync({ epoch: "", since: 0, put: [] }).changes).toHaveLength(1);
  });

  test("cannot be made without the store, and what is revoked stays so", async () => {
    let isThere = true;
    const memory = new MemoryRevocations({ now: () => NOW });
    const store = {
      sync: (request: Parameters<typeof memory.sync>[0]) => {
        if (!isThere) throw new Error("gone");
        return memory.sync(request);
      },
    };
    let ticks = 0;
    const { revocations } = stage({ store, timers: new TimerWheel(() => ticks) });
    await revocations.change({ app: "web", token: "t1" }, LATER);
    isThere = false;
    const failing = revocations.change({ app: "web", token: "t2" }, LATER);
    expect(await failing.catch((error: { code: string }) => error.code)).toBe("ledger_unavailable");
    expect(revocations.isRevoked("web", { scheme: "token", tokenId: "t1" })).toBe(true);
    expect(revocations.isRevoked("web", { scheme: "token", tokenId: "t2" })).toBe(false);
    ticks = 5_000;
    expect(revocations.isStale).toBe(false);
    ticks = 5_001;
    expect(revocations.isStale).toBe(true);
  });
});

describe("an open exchange", () => {
  test("is ended by a revocation, whichever way it ends by then", async () => {
    const { revocations } = stage();
    const opened = revocations.open.register(exchange(), admissionOf(issued(NOW)));
    const codes: string[] = [];
    opened.endWith({ end: ({ code }) => void codes.push(code) });
    await revocations.change({ app: "web", subject: "eva" }, LATER);
    expect(codes).toEqual([]);
    await revocations.change({ app: "web", subject: "eve" }, LATER);
    expect(codes).toEqual(["token_revoked"]);
  });

  test("is not sent when it is revoked after its check and before it is sent", async () => {
    const { revocations } = stage();
    const opened = revocations.open.register(exchange(), admissionOf(issued(NOW)));
    opened.assertOpen();
    await revocations.change({ app: "web", subject: "eve" }, LATER);
    expect(() => opened.assertOpen()).toThrow("token_revoked");
    const codes: string[] = [];
    opened.endWith({ end: ({ code }) => void codes.push(code) });
    expect(codes).toEqual(["token_revoked"]);
  });

  test("is registered before it is checked", async () => {
    const { revocations } = stage();
    await revocations.change({ app: "web", token: "t1" }, LATER);
    const one = exchange();
    const register = () => revocations.open.register(one, admissionOf(issued(NOW)));
    expect(register).toThrow("token_revoked");
    expect(revocations.open.all.length).toBe(1);
    one.end();
    expect(revocations.open.all.length).toBe(0);
  });

  test("leaves the list at its end, in whichever order", () => {
    const { revocations } = stage();
    const all = Array.from({ length: 9 }, (_, i) => exchange(`${i}`));
    for (const one of all) revocations.open.register(one, admissionOf(issued(NOW)));
    for (const i of [4, 8, 0, 7, 1]) all[i]!.end();
    const left = revocations.open.all.map(({ exchange: { requestId } }) => requestId);
    expect(left.sort()).toEqual(["2", "3", "5", "6"]);
  });

  test("is ended by its id", () => {
    const { revocations } = stage();
    const codes: string[] = [];
    const opened = revocations.open.register(exchange("a"), admissionOf(issued(NOW)));
    opened.endWith({ end: ({ code }) => void codes.push(code) });
    expect([revocations.open.end("b"), revocations.open.end("a")]).toEqual([0, 1]);
    expect(codes).toEqual(["ended_by_operator"]);
  });
});
