import { describe, expect, test } from "bun:test";
import {
  LogQueue,
  type LogPace,
  MAX_WAITING,
  type WriteBytes,
  WRITES,
} from "../../../../lib/runtime/observe/log_queue.ts";

type Done = Parameters<WriteBytes>[1];

/** A stdout whose writes end when the test says so. */
function createStdout(pace?: LogPace) {
  const pending: { bytes: Uint8Array; done: Done }[] = [];
  let text = "";
  const reports: number[] = [];
  const queue = new LogQueue((bytes, done) => pending.push({ bytes, done }), pace);
  queue.reportTo((lines) => reports.push(lines));
  const next = () => pending.shift()!;
  return {
    queue,
    reports,
    text: () => text,
    pending: () => pending.length,
    /** Takes so many bytes of the write under way; without a number all of them. */
    take(count?: number) {
      const { bytes, done } = next();
      const taken = bytes.slice(0, count);
      text += Buffer.from(taken).toString();
      done(null, taken.length);
    },
    fail: (code: string) => next().done({ code }, 0),
  };
}

const line = (text: string): string => `{"msg":"${text}"}\n`;

describe("LogQueue", () => {
  test("writes one after the other, what waits in one go", () => {
    const { queue, text, pending, take } = createStdout();
    for (const word of ["a", "b", "c"]) queue.write(line(word));
    expect(pending()).toBe(1);
    take();
    expect(text()).toBe(line("a"));
    take();
    expect([text(), pending()]).toEqual([line("a") + line("b") + line("c"), 0]);
  });

  test("writes whole lines up to a limit, and a longer line alone", () => {
    const writes: string[] = [];
    const pending: Done[] = [];
    const queue = new LogQueue(
      (bytes, done) => {
        writes.push(Buffer.from(bytes).toString());
        pending.push((error) => done(error, bytes.length));
      },
      { maxWrite: 40 },
    );
    const lines = ["a", "bb", "ccc", "d".repeat(50), "e", "f"].map(line);
    for (const each of lines) queue.write(each);
    for (let done = pending.shift(); done; done = pending.shift()) done(null, 0);
    const [a, bb, ccc, long, e, f] = lines;
    expect(writes).toEqual([a!, `${bb}${ccc}`, long!, `${e}${f}`]);
  });

  test("goes on where a write has ended early", () => {
    const { queue, text, take } = createStdout();
    queue.write(line("é and €"));
    for (let i = 0; i < 5; i++) take(2);
    take();
    expect([text(), queue.lostLines]).toEqual([line("é and €"), 0]);
  });

  test("holds a bounded text, and counts and reports what it loses", () => {
    const { queue, text, take, reports, pending } = createStdout();
    const long = line("x".repeat(999));
    const lines = 3000;
    for (let i = 0; i < lines; i++) queue.write(long);
    const kept = Math.floor(MAX_WAITING / long.length);
    expect(queue.lostLines).toBe(lines - kept);
    expect(reports).toEqual([]);
    while (pending() > 0) take();
    expect(text()).toBe(long.repeat(kept));
    expect(reports).toEqual([lines - kept]);
    queue.write(long);
    take();
    expect(reports).toEqual([lines - kept]);
  });

  test.each(["ENOSPC", "EPIPE", "EIO", "EBADF"])(
    "after %s loses what it was writing, and goes on",
    (code) => {
      const { queue, text, fail, take, reports } = createStdout();
      queue.write(line("a"));
      queue.write(line("b"));
      queue.write(line("c"));
      fail(code);
      fail(code);
      expect(queue.lostLines).toBe(3);
      queue.write(line("d"));
      take();
      expect([text(), reports, queue.lostLines]).toEqual([line("d"), [3], 3]);
    },
  );

  test("begins a new line after one that an error has cut", () => {
    const { queue, text, fail, take } = createStdout();
    queue.write(line("a"));
    take(4);
    fail("ENOSPC");
    queue.write(line("b"));
    fail("ENOSPC");
    queue.write(line("c"));
    take();
    expect([text(), queue.lostLines]).toEqual([`{"ms\n${line("c")}`, 2]);
  });

  test("tries again when a pipe is full", async () => {
    const { queue, text, fail, take, pending } = createStdout();
    queue.write(line("a"));
    fail("EAGAIN");
    while (pending() === 0) await Bun.sleep(5);
    take();
    expect([text(), queue.lostLines]).toEqual([line("a"), 0]);
  });
});

const NEVER_MS = 1e9;

/** A queue that has used up its interval, with what it has written so far. */
function createUsedUp(intervalMs: number) {
  const stdout = createStdout({ intervalMs });
  const words = Array.from({ length: WRITES }, (_, index) => `${index}`);
  for (const word of words) {
    stdout.queue.write(line(word));
    stdout.take();
  }
  const written = words.map(line).join("");
  expect([stdout.text(), stdout.pending()]).toEqual([written, 0]);
  return { ...stdout, written };
}

describe("a LogQueue with an interval", () => {
  test("writes further lines in the next one, in one go", async () => {
    const { queue, text, pending, take, written } = createUsedUp(20);
    for (const word of ["b", "c", "d"]) queue.write(line(word));
    expect(pending()).toBe(0);
    while (pending() === 0) await Bun.sleep(1);
    take();
    expect(text()).toBe(written + ["b", "c", "d"].map(line).join(""));
    queue.write(line("e"));
    expect(pending()).toBe(1);
  });

  test("does not wait when 64 KiB do", () => {
    const { queue, text, pending, take, written } = createUsedUp(NEVER_MS);
    const long = line("x".repeat(999));
    const lines = Math.ceil(65_536 / long.length);
    for (let i = 1; i < lines; i++) queue.write(long);
    expect(pending()).toBe(0);
    queue.write(long);
    queue.write(line("after"));
    while (pending() > 0) take();
    expect(text()).toBe(written + long.repeat(lines));
  });

  test("does not wait when 64 KiB came during a write", () => {
    const { queue, text, pending, take, written } = createUsedUp(NEVER_MS);
    const long = line("x".repeat(70_000));
    queue.write(long);
    queue.write(long);
    while (pending() > 0) take();
    expect(text()).toBe(written + long + long);
  });

  test("holds a bounded text, and counts what it loses", () => {
    const { queue, text, take, reports, pending, written } = createUsedUp(NEVER_MS);
    const long = line("x".repeat(999));
    for (let i = 0; i < 3000; i++) queue.write(long);
    const kept = Math.floor(MAX_WAITING / long.length);
    expect(queue.lostLines).toBe(3000 - kept);
    while (pending() > 0) take();
    expect(text()).toBe(written + long.repeat(kept));
    queue.write(long.repeat(66));
    while (pending() > 0) take();
    expect(reports).toEqual([3000 - kept]);
  });

  test("writes what waits when it is flushed, and then waits no more", async () => {
    const { queue, text, take, pending, written } = createUsedUp(NEVER_MS);
    queue.write(line("b"));
    expect(pending()).toBe(0);
    const flushed = queue.flush(10_000);
    queue.write(line("c"));
    take();
    take();
    await flushed;
    queue.write(line("d"));
    take();
    expect(text()).toBe(written + ["b", "c", "d"].map(line).join(""));
  });
});

test("LogQueue goes on after a write that throws, and counts what it lost", () => {
  const written: string[] = [];
  let isBroken = true;
  const queue = new LogQueue((bytes, done) => {
    if (isBroken) throw new TypeError("no descriptor");
    written.push(Buffer.from(bytes).toString());
    done(null, bytes.length);
  });
  queue.write(line("a"));
  isBroken = false;
  queue.write(line("b"));
  expect([written, queue.lostLines]).toEqual([[line("b")], 1]);
});

describe("LogQueue.flush", () => {
  test("waits for the last line", async () => {
    const { queue, text, take } = createStdout();
    queue.write(line("a"));
    queue.write(line("b"));
    const flushed = queue.flush(10_000);
    take();
    take();
    await flushed;
    expect(text()).toBe(line("a") + line("b"));
  });

  test("returns at once when nothing waits, and in time when nobody reads", async () => {
    const { queue } = createStdout();
    await queue.flush(1e9);
    queue.write(line("a"));
    await queue.flush(10);
    expect(queue.lostLines).toBe(0);
  });
});
