import { afterAll, describe, expect, test } from "bun:test";
import { childrenOf } from "../../support/processes.ts";
import { waitFor } from "../../support/wait_for.ts";
import {
  ask,
  configFor,
  freshToken,
  startCounting,
  startCountingGateway,
  tally,
} from "../../server/limits/limited_server.ts";

const upstream = startCounting();
afterAll(() => upstream[Symbol.dispose]());

describe("workers that are killed with reservations", () => {
  test("leave their places free, and what they reserved is charged", async () => {
    await using gateway = await startCountingGateway(configFor(upstream, { workers: 2 }));
    const [places, uses] = [100, 250];
    const token = await freshToken({ concurrent: places, uses });
    const release = upstream.hold();
    const held = Array.from({ length: places }, () =>
      ask(gateway, token, upstream).catch(() => undefined),
    );
    await waitFor("the requests at the upstream", () => upstream.counts.all === places);
    expect((await ask(gateway, token, upstream)).result).toBe("too_many_concurrent");

    const listening = () => gateway.lines().filter(({ msg }) => msg === "listening").length;
    const before = listening();
    for (const worker of await childrenOf(gateway.pid)) process.kill(worker, "SIGKILL");
    await Promise.all(held);
    release();
    await waitFor("their successors", () => listening() === before + 2);

    // One after the other: all of them need the places of before.
    const results = [];
    for (let batch = 0; batch < 4; batch++) {
      const asked = Array.from({ length: 50 }, () => ask(gateway, token, upstream));
      results.push(...(await Promise.all(asked)));
    }
    expect(tally(results)).toEqual({ 200: uses - places, uses_exhausted: 50 });
    await gateway.stop();
  }, 60_000);
});
