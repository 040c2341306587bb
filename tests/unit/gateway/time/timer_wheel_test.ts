import { describe, expect, spyOn, test } from "bun:test";
import { type Timer, TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";

const wheel = new TimerWheel();

const MODULE = new URL("../../../../lib/gateway/time/timer_wheel.ts", import.meta.url).pathname;

/** Starts timers that note their name, and waits until the last of them must have gone off. */
async function noted(start: (note: (name: string) => () => void) => void): Promise<string[]> {
  const names: string[] = [];
  start((name) => () => void names.push(name));
  await new Promise<void>((resolve) => wheel.start(resolve, 60));
  return names;
}

/** Takes the place of `setTimeout`: records how long a wheel sleeps, and wakes it when it is told to. */
class RecordedSleeps implements Disposable {
  readonly delays: number[] = [];
  wake: () => void = () => {};
  readonly #spy = spyOn(globalThis, "setTimeout");

  constructor() {
    this.#spy.mockImplementation(((wake: () => void, delay = 0) => {
      this.delays.push(delay);
      this.wake = wake;
      return 1;
    }) as unknown as typeof setTimeout);
  }

  [Symbol.dispose](): void {
    this.#spy.mockRestore();
  }
}

describe("a timer of the wheel", () => {
  test("goes off once, and not before it is due", async () => {
    const begin = performance.now();
    await new Promise<void>((resolve) => wheel.start(resolve, 30));
    expect(performance.now() - begin).toBeGreaterThanOrEqual(30);
    expect(await noted((note) => wheel.start(note("once"), 0))).toEqual(["once"]);
  });

  test("does not go off when it was stopped, and leaves the others alone", async () => {
    const names = await noted((note) => {
      const [first, second] = [wheel.start(note("first"), 0), wheel.start(note("second"), 0)];
      wheel.start(note("third"), 0);
      wheel.stop(second);
      wheel.stop(second);
      wheel.stop(first);
    });
    expect(names).toEqual(["third"]);
  });

  test("can be stopped by one that goes off before it", async () => {
    let later: Timer | undefined;
    const names = await noted((note) => {
      wheel.start(() => wheel.stop(later), 0);
      later = wheel.start(note("later"), 0);
    });
    expect(names).toEqual([]);
  });

  test("is none when there is nothing to stop", () => {
    expect(() => wheel.stop(undefined)).not.toThrow();
  });

  test("can start another, and is followed by it at once when it was the only one", async () => {
    for (let times = 0; times < 10; times++) {
      const begin = performance.now();
      await new Promise<void>((resolve) => {
        wheel.start(() => wheel.start(resolve, 0), 0);
      });
      // One that is passed over waits for a turn of the wheel, 25 s.
      expect(performance.now() - begin).toBeLessThan(5000);
    }
  });

  test("is followed by the others when it throws", async () => {
    const script = `
      import { TimerWheel } from ${JSON.stringify(MODULE)};
      const wheel = new TimerWheel();
      process.on("uncaughtException", ({ message }) => console.log(message));
      wheel.start(() => { throw new Error("thrown"); }, 0);
      wheel.start(() => console.log("other"), 0);`;
    const { stdout } = await Bun.$`${process.execPath} -e ${script}`.quiet();
    expect(stdout.toString()).toBe("thrown\nother\n");
  });

  test("goes off in time after one that is due much later", async () => {
    const own = new TimerWheel();
    const later = own.start(() => {}, 20_000);
    const begin = performance.now();
    await new Promise<void>((resolve) => own.start(resolve, 30));
    expect(performance.now() - begin).toBeLessThan(5000);
    own.stop(later);
  });

  test("can be due after more than a turn, and after more than the runtime can wait", () => {
    using sleeps = new RecordedSleeps();
    let ms = 0;
    const own = new TimerWheel(() => ms);
    const fired: number[] = [];
    own.start(() => fired.push(ms), 60_000);
    own.start(() => fired.push(-1), 1e12);
    while (fired.length === 0) {
      ms += Math.max(sleeps.delays.at(-1)!, 1);
      sleeps.wake();
    }
    expect(fired[0]).toBeWithin(60_000, 60_026);
    // Each turn has a step for each of the two slots.
    expect(sleeps.delays.length).toBeLessThan(10);
    expect(Math.max(...sleeps.delays)).toBeLessThanOrEqual(25_600);
  });

  test("goes off in time after one that takes long", () => {
    using sleeps = new RecordedSleeps();
    let ms = 0;
    const own = new TimerWheel(() => ms);
    own.start(() => (ms += 300), 0);
    own.start(() => {}, 400);
    ms += 25;
    sleeps.wake();
    expect(ms + sleeps.delays.at(-1)!).toBe(425);
  });

  test("goes off at once after one that takes longer than it waits", () => {
    using sleeps = new RecordedSleeps();
    let ms = 0;
    const own = new TimerWheel(() => ms);
    own.start(() => (ms += 3000), 0);
    own.start(() => {}, 400);
    ms += 25;
    sleeps.wake();
    expect(sleeps.delays.at(-1)).toBe(0);
  });

  test("goes off at once when its time is already over", () => {
    using sleeps = new RecordedSleeps();
    let ms = 1000;
    let isOver = false;
    const own = new TimerWheel(() => ms);
    own.start(() => (isOver = true), -300);
    expect(sleeps.delays).toEqual([25]);
    ms += 25;
    sleeps.wake();
    expect(isOver).toBe(true);
  });

  test("does not keep the process when it was stopped", async () => {
    const script = `
      import { TimerWheel } from ${JSON.stringify(MODULE)};
      const wheel = new TimerWheel();
      wheel.stop(wheel.start(() => {}, 60_000));
      setTimeout(() => console.log("still here"), 2000).unref();`;
    const { stdout } = await Bun.$`${process.execPath} -e ${script}`.quiet();
    expect(stdout.toString()).toBe("");
  });

  test("that cannot be started leaves the others alone", () => {
    const script = `
      import { TimerWheel } from ${JSON.stringify(MODULE)};
      const wheel = new TimerWheel();
      try { wheel.start(() => {}, Infinity); } catch { console.log("refused"); }
      wheel.start(() => console.log("other"), 0);`;
    const command = [process.execPath, "-e", script];
    const { stdout, exitCode } = Bun.spawnSync(command, { timeout: 10_000 });
    expect(stdout.toString()).toBe("refused\nother\n");
    expect(exitCode).toBe(0);
  });

  test("wakes the process once when it is the only one", async () => {
    const script = `
      let wakes = 0;
      const { setTimeout } = globalThis;
      globalThis.setTimeout = (wake, ms) => setTimeout(() => { wakes++; wake(); }, ms);
      const { TimerWheel } = await import(${JSON.stringify(MODULE)});
      new TimerWheel().start(() => console.log(wakes), 500);`;
    const { stdout } = await Bun.$`${process.execPath} -e ${script}`.quiet();
    // The runtime may wake a moment early.
    expect(Number(stdout.toString())).toBeWithin(1, 4);
  });
});
