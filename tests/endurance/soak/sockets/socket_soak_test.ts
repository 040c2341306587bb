import { expect, test } from "bun:test";
import { runSocketSoak } from "./run.ts";

const SECONDS = process.env["SIGNWAY_LONG_TESTS"] ? 120 : 12;

test(
  "no fault leaves a WebSocket hanging, and each has one record",
  async () => {
    const seed = Number(process.env["TEST_SEED"] ?? Math.floor(Math.random() * 2 ** 32));
    console.log(`WebSockets: TEST_SEED=${seed}`);
    const { sockets, ends, errors } = await runSocketSoak(SECONDS, seed);
    console.log(
      Object.entries(ends)
        .sort()
        .map(([end, count]) => `${end} ${count}`)
        .join("\n"),
    );
    expect(errors).toEqual([]);
    expect(sockets).toBeGreaterThan(100);
  },
  (SECONDS + 60) * 1000,
);
