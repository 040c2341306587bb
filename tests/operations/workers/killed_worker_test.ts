import { describe, expect, test } from "bun:test";
import { openSigned } from "../../support/by_path.ts";
import { startEventFeed } from "../../support/event_feed.ts";
import { type Gateway, startGateway } from "../../support/gateway.ts";
import { childrenOf } from "../../support/processes.ts";
import { parseResponse, type RawClient } from "../../support/raw_client.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";
import { waitUntil } from "../../support/wait_until.ts";

const STREAMS = 60;

const listening = ({ lines }: Gateway): number =>
  lines().filter(({ msg }) => msg === "listening").length;

async function startTwo() {
  const feed = await startEventFeed();
  const args = ["--upstream", feed.url, "--workers", "2", "--drain", "1"];
  const gateway = await startGateway({ args });
  await waitFor("both workers", () => listening(gateway) === 2);
  const dispose = async (): Promise<void> => {
    await gateway.stop();
    await feed.stop();
  };
  return { feed, gateway, [Symbol.asyncDispose]: dispose };
}

/** One worker's process id, of all that serve. */
async function oneOf({ pid }: Gateway): Promise<number> {
  const [first] = await childrenOf(pid);
  if (first === undefined) throw new Error("no worker runs");
  return first;
}

describe("kill -9 of one of two workers", () => {
  test("breaks its own streams visibly, no others, and it is back within 2 s", async () => {
    await using it = await startTwo();
    const clients: RawClient[] = [];
    for (let i = 0; i < STREAMS; i += 1) {
      const client = await openSigned(it.gateway, `${it.feed.url}/${i}`);
      await waitFor("the first event", () => client.received().includes("hello"));
      clients.push(client);
    }
    process.kill(await oneOf(it.gateway), "SIGKILL");
    const start = performance.now();
    await waitFor("its successor", () => listening(it.gateway) === 3, 2000);
    console.log(
      `a killed worker's successor listened after ${Math.round(performance.now() - start)} ms`,
    );
    expect(await childrenOf(it.gateway.pid)).toHaveLength(2);
    const died = it.gateway.lines().find(({ msg }) => msg === "worker died");
    expect(died).toMatchObject({ level: "error", signal: "SIGKILL" });

    const broken = clients.filter((client) => client.ended() !== undefined);
    const others = clients.filter((client) => client.ended() === undefined);
    expect(broken.length).toBeGreaterThan(0);
    expect(others.length).toBeGreaterThan(0);
    await waitFor("the upstream to see it", () => it.feed.open.size === others.length);
    it.feed.publish("afterwards");
    it.feed.finish();
    for (const client of broken) expect(parseResponse(client.received(), true)).toBeUndefined();
    for (const client of others) {
      expect((await client.response()).body.toString()).toContain("afterwards");
    }
    const served = new Set<unknown>();
    await waitUntil("both to serve", async () => {
      const client = await openSigned(it.gateway, `${it.feed.url}/again`);
      await waitFor("the event", () => client.received().includes("hello"));
      client.reset();
      for (const record of it.gateway.records().slice(-20)) served.add(record["worker"]);
      return served.size === 2;
    });
  }, 30_000);

  test("under load: each request is whole or visibly failed", async () => {
    await using it = await startTwo();
    let over = false;
    const counts = { whole: 0, failed: 0 };
    const load = Array.from({ length: 8 }, async () => {
      while (!over) {
        // Unsigned requests are answered by the gateway itself, and so as fast as it can.
        const { status } = await signedExchange(it.gateway, "http://127.0.0.1:1/").catch(() => ({
          status: 0,
        }));
        if (status === 403) counts.whole += 1;
        else counts.failed += 1;
        expect([0, 403]).toContain(status);
      }
    });
    await Bun.sleep(500);
    process.kill(await oneOf(it.gateway), "SIGKILL");
    await waitFor("its successor", () => listening(it.gateway) === 3, 2000);
    const failed = counts.failed;
    await Bun.sleep(500);
    over = true;
    await Promise.all(load);
    console.log(
      `under load: ${counts.whole} whole, ${counts.failed} failed with the killed worker`,
    );
    // Those that were under way at that worker, and not one after its successor listens.
    expect(failed).toBeLessThanOrEqual(16);
    expect(counts.failed).toBe(failed);
    expect(counts.whole).toBeGreaterThan(100);
  }, 30_000);
});

describe("a worker that keeps dying", () => {
  test("is started after longer and longer pauses", async () => {
    await using it = await startTwo();
    const deaths = () => it.gateway.lines().filter(({ msg }) => msg === "worker died");
    for (let count = 1; count <= 5; count += 1) {
      const before = listening(it.gateway);
      const victim = (await childrenOf(it.gateway.pid)).at(-1)!;
      process.kill(victim, "SIGKILL");
      await waitFor("its death", () => deaths().length === count);
      await waitFor("its successor", () => listening(it.gateway) === before + 1, 15_000);
    }
    const worst = Map.groupBy(deaths(), ({ worker }) => worker);
    for (const pauses of worst.values()) {
      const ms = pauses.map(({ restart_ms }) => Number(restart_ms));
      expect(ms).toEqual(ms.toSorted((a, b) => a - b));
    }
    expect(Math.max(...deaths().map(({ restart_ms }) => Number(restart_ms)))).toBeGreaterThan(500);
    expect((await signedExchange(it.gateway, "http://127.0.0.1:1/")).status).toBe(403);
  }, 60_000);

  test("ends with its supervisor, even when that is killed", async () => {
    await using it = await startTwo();
    const workers = await childrenOf(it.gateway.pid);
    it.gateway.kill("SIGKILL");
    const lives = (pid: number): boolean => {
      try {
        return process.kill(pid, 0);
      } catch {
        return false;
      }
    };
    await waitFor("the workers' end", () => !workers.some(lives), 10_000);
  }, 30_000);
});
