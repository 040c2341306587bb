import { expect, test } from "bun:test";
import { acquireLock } from "./lock.ts";

const MODULE = `${import.meta.dirname}/lock.ts`;

test("a lock has one holder at a time", async () => {
  let [holders, most] = [0, 0];
  const hold = async (): Promise<void> => {
    using _ = await acquireLock("of_a_test");
    most = Math.max(most, ++holders);
    await Bun.sleep(20);
    holders--;
  };
  await Promise.all([hold(), hold(), hold()]);
  expect(most).toBe(1);
});

test("a lock is freed by the end of the process that holds it", async () => {
  const script = `
    const { acquireLock } = await import(${JSON.stringify(MODULE)});
    globalThis.lock = await acquireLock("of_a_process");
    console.log("locked");
    setInterval(() => {}, 1000);`;
  await using child = Bun.spawn([process.execPath, "-e", script], { stdout: "pipe" });
  await child.stdout.getReader().read();
  let isFree = false;
  const waiting = acquireLock("of_a_process").then((lock) => {
    isFree = true;
    return lock;
  });
  await Bun.sleep(100);
  expect(isFree).toBe(false);
  child.kill("SIGKILL");
  using _ = await waiting;
  expect(isFree).toBe(true);
});
