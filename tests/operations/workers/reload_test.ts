import { describe, expect, test } from "bun:test";
import { appWith, type Reloading, SECRETS, startReloading } from "../../server/reload/reloading.ts";
import { CREDENTIAL } from "../../support/gateway.ts";
import { signedExchange } from "../../support/signed_exchange.ts";
import { waitFor } from "../../support/wait_for.ts";

const WORKERS = ["--workers", "2", "--no-watch"];

async function startTwo(secrets: string[], args = WORKERS): Promise<Reloading> {
  const it = await startReloading({
    files: (url) => ({ "main.json": appOf(secrets, url) }),
    args,
  });
  await waitFor(
    "both",
    () => it.gateway.lines().filter(({ msg }) => msg === "listening").length === 2,
  );
  return it;
}

function appOf(secrets: string[], url: string): object {
  const { app } = appWith("", url) as { app: object[] };
  return { app: [{ ...app[0], secrets }] };
}

/** Loads other secrets and waits until both workers have. */
async function reload(it: Reloading, secrets: string[]): Promise<void> {
  const loaded = () => it.gateway.lines().filter(({ msg }) => msg === "configuration loaded");
  const before = loaded().length;
  await it.write("main.json", appOf(secrets, it.upstream.url));
  it.gateway.kill("SIGHUP");
  await waitFor("both reloads", () => loaded().length === before + 2);
  expect(
    new Set(
      loaded()
        .slice(before)
        .map(({ worker }) => worker),
    ),
  ).toEqual(new Set([1, 2]));
}

/** The statuses of so many requests on connections of their own, so that both workers answer. */
async function statuses(it: Reloading, secret: string): Promise<Set<number>> {
  const all = new Set<number>();
  for (let i = 0; i < 20; i += 1) all.add(await it.status(secret));
  return all;
}

describe("with two workers", () => {
  test("both serve, and each line of the log says who wrote it", async () => {
    await using it = await startTwo([SECRETS.new]);
    expect(await statuses(it, SECRETS.new)).toEqual(new Set([200]));
    const workers = it.gateway.records().map((record) => record["worker"]);
    expect(new Set(workers)).toEqual(new Set([1, 2]));
    for (const { msg, worker } of it.gateway.lines())
      expect([msg, [1, 2].includes(worker as number)]).toEqual([msg, true]);
  });

  test("SIGHUP reaches both", async () => {
    await using it = await startTwo([SECRETS.old]);
    await reload(it, [SECRETS.new]);
    expect(await statuses(it, SECRETS.new)).toEqual(new Set([200]));
    expect(await statuses(it, SECRETS.old)).toEqual(new Set([400]));
  });

  test("a change of the file reaches both", async () => {
    await using it = await startTwo([SECRETS.old], ["--workers", "2"]);
    await it.write("main.json", appOf([SECRETS.new], it.upstream.url));
    const loaded = () => it.gateway.lines().filter(({ msg }) => msg === "configuration loaded");
    await waitFor("both reloads", () => new Set(loaded().map(({ worker }) => worker)).size === 2);
    expect(await statuses(it, SECRETS.new)).toEqual(new Set([200]));
  });

  test("SIGTERM ends both, and the exit code is 0", async () => {
    await using it = await startTwo([SECRETS.new]);
    expect(await it.gateway.stop()).toBe(0);
    const stopped = it.gateway.lines().filter(({ msg }) => msg === "stopped");
    expect(stopped.map(({ worker }) => worker).toSorted()).toEqual([1, 2]);
  });
});

test("a secret is replaced under load, step by step, and no valid request fails", async () => {
  await using it = await startTwo([SECRETS.old]);
  let signing: string = SECRETS.old;
  let over = false;
  const seen: number[] = [];
  const load = Array.from({ length: 4 }, async () => {
    while (!over) {
      const sign = { id: CREDENTIAL.id, secret: signing };
      seen.push((await signedExchange(it.gateway, `${it.upstream.url}/`, { sign })).status);
      await Bun.sleep(5);
    }
  });
  const more = () => {
    const enough = seen.length + 20;
    return waitFor("more responses", () => seen.length >= enough);
  };
  await more();
  await reload(it, [SECRETS.old, SECRETS.new]);
  signing = SECRETS.new;
  await more();
  await reload(it, [SECRETS.new]);
  await more();
  over = true;
  await Promise.all(load);
  expect(new Set(seen)).toEqual(new Set([200]));
  expect(await statuses(it, SECRETS.old)).toEqual(new Set([400]));
});
