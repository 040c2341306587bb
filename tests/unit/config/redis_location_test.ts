import { describe, expect, test } from "bun:test";
import { ledgerMistake } from "../../../lib/config/ledger/ledger_location.ts";
import { parseRedisLocation, shownLocation } from "../../../lib/config/ledger/redis_location.ts";

const plain = { kind: "single", isTls: false, database: 0, isDurable: false } as const;

describe("the location of a ledger in servers is read:", () => {
  test.each([
    ["redis://valkey", { ...plain, addresses: [{ host: "valkey", port: 6379 }] }],
    [
      "redis://valkey:7000/3",
      { ...plain, addresses: [{ host: "valkey", port: 7000 }], database: 3 },
    ],
    ["redis://[::1]:7000", { ...plain, addresses: [{ host: "::1", port: 7000 }] }],
    [
      "rediss://valkey?durable=1",
      { ...plain, isTls: true, isDurable: true, addresses: [{ host: "valkey", port: 6379 }] },
    ],
    [
      "redis://gate:a%20p%40ss%2F@valkey",
      { ...plain, addresses: [{ host: "valkey", port: 6379 }], user: "gate", password: "a p@ss/" },
    ],
    [
      "redis://:p@ss:word@valkey",
      { ...plain, addresses: [{ host: "valkey", port: 6379 }], password: "p@ss:word" },
    ],
    [
      "rediss+sentinel://a,b:1,c/main/2",
      {
        ...plain,
        kind: "sentinel",
        isTls: true,
        name: "main",
        database: 2,
        addresses: [
          { host: "a", port: 26379 },
          { host: "b", port: 1 },
          { host: "c", port: 26379 },
        ],
      },
    ],
    [
      "redis+cluster://a,b",
      {
        ...plain,
        kind: "cluster",
        addresses: [
          { host: "a", port: 6379 },
          { host: "b", port: 6379 },
        ],
      },
    ],
  ])("%s", (location, expected) => {
    expect(parseRedisLocation(location)).toEqual(expected as never);
    expect(ledgerMistake(location)).toBeUndefined();
  });
});

describe("a mistake in it is named, without the password:", () => {
  test.each([
    ["redis:valkey", "must be redis://HOST"],
    ["redis+other://valkey", "must be redis://HOST"],
    ["redis://", "has a host or a port that cannot be read"],
    ["redis://:canary@a b", "has a host or a port that cannot be read"],
    ["redis://:canary@a:70000", "has a host or a port that cannot be read"],
    ["redis://:canary@a,b", "has several hosts: use redis+sentinel:// or redis+cluster://"],
    ["redis+sentinel://a,b", "needs the name of the primary"],
    ["redis+sentinel://:canary@a/100%", "has a name of the primary that is not percent-encoded"],
    ["redis+cluster://a/1", "has a database, which a cluster does not have"],
    ["redis://:canary@a/b", "has a path that is not the number of a database"],
    ["redis://a?durable=0", "has a query that is not durable=1"],
    ["redis://user@a", "has a user without a password"],
    ["redis://:canary%@a", "has a password that is not percent-encoded"],
  ])("%s", (location, expected) => {
    const mistake = ledgerMistake(location)!;
    expect(mistake).toStartWith(expected);
    expect(mistake).not.toContain("canary");
  });
});

test.each([
  ["redis://u:p@valkey", "redis://valkey:6379"],
  ["rediss+sentinel://:p@a,[::1]:5/main/2?durable=1", "rediss+sentinel://a:26379,[::1]:5/main/2"],
])("%s is shown as %s", (location, expected) => {
  const parsed = parseRedisLocation(location);
  if ("mistake" in parsed) throw new Error(parsed.mistake);
  expect(shownLocation(parsed)).toBe(expected);
});
