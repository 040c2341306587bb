import { afterAll, expect, test } from "bun:test";
import { APP_SCOPE, tokenScope } from "../../../../lib/gateway/ledger/forms/scope.ts";
import { silentLog } from "../../../../lib/runtime/observe/log.ts";
import { openLedger } from "../../../../lib/runtime/open_ledger.ts";
import { CREDENTIAL } from "../../../support/gateway.ts";
import { storePrograms } from "../../../support/ledger/redis/store_programs.ts";
import { StoreServer } from "../../../support/ledger/redis/store_server.ts";
import { amountsOf } from "../../../support/ledger/stage.ts";
import { waitFor } from "../../../support/wait_for.ts";
import { waitUntil } from "../../../support/wait_until.ts";
import { ask, freshToken, startCounting } from "../limited_server.ts";
import { startFleet } from "./fleet.ts";

const PLACES = 100;
const BYTES = 4_096;
// A lease lasts 45 s. Without time for that, its end is put into the past in the store.
const IS_LONG = process.env["SIGNWAY_LONG_TESTS"] !== undefined;

const upstream = startCounting();
afterAll(() => upstream[Symbol.dispose]());
const [program] = await storePrograms();

test("the places of a gateway that is killed become free, and what it had reserved is charged", async () => {
  await using server = await StoreServer.start({ program: program! });
  await using fleet = await startFleet(server.url, [{ url: upstream.url }], [{}, {}]);
  const [killed, other] = fleet.gateways;
  const jti = "of the killed one";
  const token = await freshToken({ jti, concurrent: PLACES, uses: 1_000, bytes: 1e9 });
  const release = upstream.hold();
  const asked = Array.from({ length: PLACES }, () => ask(killed!, token, upstream).catch(() => {}));
  await waitFor("all places", () => upstream.counts.all === PLACES);
  expect((await ask(other!, token, upstream)).result).toBe("too_many_concurrent");
  await killed!.stop("SIGKILL");
  release();
  await Promise.all(asked);
  expect((await ask(other!, token, upstream)).result).toBe("too_many_concurrent");
  if (!IS_LONG) {
    const leases = `sw1:{${CREDENTIAL.id}}:l`;
    for (const owner of (await server.ask("ZRANGE", leases, "0", "-1")) as string[]) {
      await server.ask("ZADD", leases, "XX", "1", owner);
    }
  }
  await waitUntil(
    "a place",
    async () => (await ask(other!, token, upstream)).result === "200",
    60_000,
  );
  const { store, close } = await openLedger(server.url, silentLog());
  const scopes = [tokenScope(CREDENTIAL.id, jti), APP_SCOPE];
  const amounts = async () => {
    const readings = await store.run({ kind: "read", app: CREDENTIAL.id, scopes });
    return amountsOf(readings.flat());
  };
  await waitUntil("the settlement of the last request", async () => {
    const { uses, bytes } = await amounts();
    return uses![1] === 0 && bytes![1] === 0;
  });
  const { uses, bytes, concurrent } = await amounts();
  expect(concurrent).toBeUndefined();
  expect(uses).toEqual([PLACES + 1, 0]);
  expect(bytes![0]).toBeGreaterThanOrEqual(PLACES * BYTES);
  close();
}, 120_000);

/** Sends an event every 100 ms, for as long as somebody listens. */
function startEvents() {
  return Bun.serve({
    hostname: "127.0.0.1",
    port: 0,
    idleTimeout: 0,
    fetch() {
      let number = 0;
      const body = new ReadableStream<Uint8Array>({
        async pull(controller) {
          await Bun.sleep(100);
          controller.enqueue(new TextEncoder().encode(`data: ${number++}\n\n`));
        },
      });
      return new Response(body, { headers: { "Content-Type": "text/event-stream" } });
    },
  });
}

// It takes as long as a lease does.
if (IS_LONG) {
  test("a gateway that was stopped for 70 s forwards no byte of a stream that held a place", async () => {
    await using server = await StoreServer.start({ program: program! });
    const events = startEvents();
    const { origin, host } = events.url;
    await using fleet = await startFleet(server.url, [{ url: origin }], [{}]);
    const [gateway] = fleet.gateways;
    const token = await freshToken({ concurrent: 1 });
    const headers = { Authorization: `Bearer ${token}` };
    const response = await fetch(`${new URL(gateway!.url).origin}/${host}/`, { headers });
    let text = "";
    const reading = (async () => {
      const decoder = new TextDecoder();
      for await (const piece of response.body!) text += decoder.decode(piece);
    })();
    await waitFor("some events", () => text.includes("data: 9\n"));
    gateway!.kill("SIGSTOP");
    await Bun.sleep(1_000);
    const before = text;
    await Bun.sleep(70_000);
    gateway!.kill("SIGCONT");
    await expect(reading).rejects.toThrow();
    expect(text).toBe(before);
    await events.stop(true);
  }, 120_000);
}
