import { describe, expect, test } from "bun:test";
import { GatewayError } from "../../../../lib/gateway/problem/gateway_error.ts";
import {
  type FetchedCredential,
  KeptCredential,
} from "../../../../lib/runtime/credentials/kept_credential.ts";

/** A credential whose clock and endpoint are in the hands of the test. */
function stage() {
  let now = 1_000_000;
  const failures: string[] = [];
  const waiting: PromiseWithResolvers<FetchedCredential<string>>[] = [];
  const credential = new KeptCredential<string>({
    fetch() {
      waiting.push(Promise.withResolvers());
      return waiting.at(-1)!.promise;
    },
    now: () => now,
    onFailure: (reason) => failures.push(reason),
  });
  return {
    credential,
    failures,
    /** How often it was fetched. */
    count: () => waiting.length,
    pass: (ms: number) => void (now += ms),
    /** Answers the last fetch. */
    async give(value: string, life: number) {
      waiting.at(-1)!.resolve({ value, expiresAt: now + life });
      await Bun.sleep(0);
    },
    async fail(reason = "status 500") {
      waiting.at(-1)!.reject(new GatewayError("credential_unavailable", reason));
      await Bun.sleep(0);
    },
    async get() {
      try {
        return await credential.get();
      } catch (error) {
        const { code, reason } = error as GatewayError;
        return `${code}: ${reason}`;
      }
    },
  };
}

const HOUR = 3_600_000;
const UNAVAILABLE = "credential_unavailable: status 500";

describe("a credential that is fetched", () => {
  test("is fetched once for 200 who wait, and then kept", async () => {
    const { count, get, give } = stage();
    const values = Array.from({ length: 200 }, get);
    expect(count()).toBe(1);
    await give("one", HOUR);
    expect(new Set(await Promise.all(values))).toEqual(new Set(["one"]));
    expect([await get(), count()]).toEqual(["one", 1]);
  });

  test("that expires at once is fetched once in a second, and an older failure is not its reason", async () => {
    const { count, fail, get, give, pass } = stage();
    const first = get();
    await fail();
    expect(await first).toBe(UNAVAILABLE);
    pass(1000);
    const second = get();
    await give("short", 200);
    expect(await second).toBe("short");
    pass(200);
    const expired = "credential_unavailable: the last one has expired or was refused";
    expect([await get(), await get(), count()]).toEqual([expired, expired, 2]);
  });

  test("is fetched again ahead, while nobody waits", async () => {
    const { count, credential, get, give, pass } = stage();
    void get();
    await give("one", HOUR);
    pass(HOUR - 300_001);
    expect([credential.get(), count()]).toEqual(["one", 1]);
    pass(1);
    expect([credential.get(), credential.get(), count()]).toEqual(["one", "one", 2]);
    await give("two", HOUR);
    expect(credential.get()).toBe("two");
  });

  test("of a short life is fetched again when a quarter is left", async () => {
    const { count, credential, get, give, pass } = stage();
    void get();
    await give("one", 20_000);
    pass(14_999);
    expect([credential.get(), count()]).toEqual(["one", 1]);
    pass(1);
    expect([credential.get(), count()]).toEqual(["one", 2]);
  });

  test("is the last one while that is valid, whatever the endpoint does", async () => {
    const { count, credential, fail, failures, get, give, pass } = stage();
    void get();
    await give("one", HOUR);
    pass(HOUR - 300_000);
    for (let second = 0; second < 299; second++) {
      expect(credential.get()).toBe("one");
      if (count() > failures.length + 1) await fail();
      pass(1000);
    }
    // One attempt in 30 seconds.
    expect(count()).toBe(11);
    expect(failures).toEqual(Array.from({ length: 10 }, () => "status 500"));
    pass(1000);
    const late = get();
    await fail();
    expect(await late).toBe(UNAVAILABLE);
  });

  test("is asked for once a second at most when it fails, however many wait", async () => {
    const { count, fail, get, pass, give } = stage();
    const waiting = Array.from({ length: 200 }, get);
    await fail();
    expect(new Set(await Promise.all(waiting))).toEqual(new Set([UNAVAILABLE]));
    for (let i = 0; i < 9; i++) {
      pass(100);
      expect(await get()).toBe(UNAVAILABLE);
    }
    expect(count()).toBe(1);
    pass(100);
    const next = get();
    expect(count()).toBe(2);
    await give("one", HOUR);
    expect(await next).toBe("one");
  });

  test("that comes slowly counts from the end of the attempt", async () => {
    const { count, fail, get, pass } = stage();
    const first = get();
    pass(10_000);
    await fail();
    await first;
    expect([await get(), count()]).toEqual([UNAVAILABLE, 1]);
  });

  test("that has expired already is none", async () => {
    const { get, give } = stage();
    const first = get();
    await give("old", 0);
    expect(await first).toBe("credential_unavailable: it has expired already");
  });
});

describe("a credential that an upstream refuses", () => {
  test("is fetched and dropped as usual after the clock was set back", async () => {
    const { count, get, give, fail, pass, credential } = stage();
    const failed = get();
    await fail();
    expect(await failed).toBe(UNAVAILABLE);
    pass(-HOUR);
    const first = get();
    await give("first", 10 * HOUR);
    expect([await first, count()]).toEqual(["first", 2]);
    pass(-HOUR);
    credential.refused("first");
    const second = get();
    await give("second", 10 * HOUR);
    expect([await second, count()]).toEqual(["second", 3]);
  });

  test("is dropped when it is older than 60 s, at most once in 60 s", async () => {
    const { count, credential, get, give, pass } = stage();
    void get();
    await give("one", HOUR);
    pass(59_999);
    credential.refused("one");
    expect([await get(), count()]).toEqual(["one", 1]);
    pass(1);
    credential.refused("another");
    expect([await get(), count()]).toEqual(["one", 1]);
    credential.refused("one");
    const waiting = [get(), get()];
    expect(count()).toBe(2);
    await give("two", HOUR);
    expect(await Promise.all(waiting)).toEqual(["two", "two"]);
    pass(59_000);
    credential.refused("two");
    expect([await get(), count()]).toEqual(["two", 2]);
    pass(1000);
    credential.refused("two");
    void get();
    expect(count()).toBe(3);
  });
});
