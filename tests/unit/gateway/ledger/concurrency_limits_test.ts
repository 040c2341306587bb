import { describe, expect, test } from "bun:test";
import { createConcurrencyLimits } from "../../../../lib/gateway/ledger/concurrency_limits.ts";

const demand = (key: string, limit?: number) => ({ key, limit });

describe("a reservation", () => {
  test("is refused beyond the limit, and possible again after a release", () => {
    const limits = createConcurrencyLimits();
    const first = limits.reserve([demand("a", 1)]);
    expect(() => limits.reserve([demand("a", 1)])).toThrow("too_many_connections");
    first.release();
    expect(() => limits.reserve([demand("a", 1)])).not.toThrow();
  });

  test("takes all of its places or none", () => {
    const limits = createConcurrencyLimits();
    const held = limits.reserve([demand("b", 1)]);
    expect(() => limits.reserve([demand("a", 1), demand("b", 1)])).toThrow("too_many_connections");
    expect(() => limits.reserve([demand("a", 1)])).not.toThrow();
    held.release();
  });

  test("gives its places back once", () => {
    const limits = createConcurrencyLimits();
    const [first, second] = [limits.reserve([demand("a", 2)]), limits.reserve([demand("a", 2)])];
    first.release();
    first.release();
    limits.reserve([demand("a", 2)]);
    expect(() => limits.reserve([demand("a", 2)])).toThrow("too_many_connections");
    second.release();
  });

  test("without a limit counts once it is told to, for a limit that comes later", () => {
    const limits = createConcurrencyLimits();
    const early = limits.reserve([demand("a")]);
    expect(() => limits.reserve([demand("a", 1)]).release()).not.toThrow();
    early.countUnlimited();
    expect(() => limits.reserve([demand("a", 1)])).toThrow("too_many_connections");
    early.release();
    expect(() => limits.reserve([demand("a", 1)])).not.toThrow();
  });
});
