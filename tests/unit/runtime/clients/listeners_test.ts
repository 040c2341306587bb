import { expect, test } from "bun:test";
import { createListeners, type Listener } from "../../../../lib/runtime/clients/listeners.ts";

/** A listener on which something is open until the test ends it, or until it is cut. */
function startBusy(tls?: Listener["tls"]) {
  const { promise, resolve } = Promise.withResolvers<void>();
  const calls: string[] = [];
  const stop = (isAbrupt = false): Promise<void> => {
    calls.push(isAbrupt ? "cut" : "stop");
    if (isAbrupt) resolve();
    return promise;
  };
  return { server: { stop }, tls, calls, end: resolve };
}

test("a drain waits for what is open on each listener", async () => {
  const [first, second, third] = [startBusy(), startBusy(), startBusy()];
  const listeners = createListeners(first);
  listeners.replace(second);
  listeners.replace(third);
  let isOver = false;
  const drained = listeners.drain().then(() => (isOver = true));
  for (const { end } of [third, first, second]) {
    await Bun.sleep(0);
    expect(isOver).toBe(false);
    end();
  }
  await drained;
  expect([first, second, third].map(({ calls }) => calls)).toEqual([["stop"], ["stop"], ["stop"]]);
});

test("each listener on which something is open is cut", async () => {
  const [first, second] = [startBusy(), startBusy()];
  const listeners = createListeners(first);
  listeners.replace(second);
  const drained = listeners.drain();
  await listeners.cut();
  await drained;
  expect([first.calls, second.calls]).toEqual([
    ["stop", "cut"],
    ["stop", "cut"],
  ]);
});

test("a replaced listener is forgotten when it has ended", async () => {
  const [first, second] = [startBusy(), startBusy()];
  const listeners = createListeners(first);
  listeners.replace(second);
  first.end();
  await Bun.sleep(0);
  await listeners.cut();
  expect(first.calls).toEqual(["stop"]);
  expect(second.calls).toEqual(["cut"]);
});

test("the certificate is that of the listener that takes new connections", () => {
  const [one, other] = [1, 2].map((n) => ({ cert: `certificate ${n}`, key: `key ${n}` }));
  const listeners = createListeners(startBusy(one));
  expect(listeners.tls).toBe(one);
  listeners.replace(startBusy(other));
  expect(listeners.tls).toBe(other);
  expect(createListeners(startBusy()).tls).toBeUndefined();
});
