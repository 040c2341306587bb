import { write } from "node:fs";

/**
 * Writes bytes without blocking the caller. It may write only the first of them.
 *
 * @param bytes the bytes, at least one
 * @param done called with an error, or with `null` and the number of written bytes
 */
export type WriteBytes = (
  bytes: Uint8Array,
  done: (error: { code?: string } | null, written: number) => void,
) => void;

/** The maximum length of the waiting lines, in characters. Further lines are lost. */
export const MAX_WAITING = 1024 * 1024;

const MAX_WRITE = 64 * 1024;
/** The number of bytes that POSIX writes to a pipe in one piece, even if other processes write to it too. */
export const PIPE_BUF = 4096;
/** The interval in which {@link WRITES} writes may begin, in milliseconds. */
export const INTERVAL_MS = 10;
/** So many writes an interval cost a five-hundredth of a processor. */
export const WRITES = 2;
const RETRY_MS = 100;
const NOTHING = new Uint8Array();
const NEWLINE = 0x0a;

/** How much a queue writes at once, and how often. */
export interface LogPace {
  /**
   * The maximum number of bytes per write; only a longer line may exceed it. Default: 64 KiB. {@link PIPE_BUF} is for
   * processes that share stdout.
   */
  maxWrite?: number | undefined;
  /**
   * The interval in which {@link WRITES} writes may begin, in milliseconds. Further lines wait for the next one, unless they
   * are 64 KiB. Default: no limit.
   */
  intervalMs?: number;
}

/**
 * A queue of log lines for stdout. Its length is limited by {@link MAX_WAITING}. When the reader of stdout is
 * too slow, further lines are lost and counted, and the process continues. A write costs ten times as much as a line, so
 * a process that has much to log writes many lines at once.
 */
export class LogQueue {
  readonly #write: WriteBytes;
  readonly #maxWrite: number;
  #intervalMs: number;
  /** Lines that are not being written yet. */
  #waiting = "";
  /** The unwritten rest of the lines that are being written. */
  #rest: Uint8Array = NOTHING;
  #isWriting = false;
  /** Runs from the first write of an interval to the end of the interval. */
  #interval: ReturnType<typeof setTimeout> | undefined;
  /** The writes of this interval. */
  #writes = 0;
  /** Whether an error cut a line, so that the next line must begin with a newline. */
  #isCut = false;
  #lost = 0;
  #reported = 0;
  #report: (lines: number) => void = () => {};
  #onEmpty: () => void = () => {};

  /**
   * @param write writes bytes. Default: to stdout.
   * @param pace how much is written at once, and how often
   */
  constructor(
    write: WriteBytes = writeToStdout,
    { maxWrite = MAX_WRITE, intervalMs = 0 }: LogPace = {},
  ) {
    this.#write = write;
    this.#maxWrite = maxWrite;
    this.#intervalMs = intervalMs;
  }

  /** The number of lines that were lost so far. */
  get lostLines(): number {
    return this.#lost;
  }

  /**
   * Sets the function that reports lost lines.
   *
   * @param report called when lines can be written again, with the number of lines lost since the last call
   */
  reportTo(report: (lines: number) => void): void {
    this.#report = report;
  }

  /**
   * Adds a line, which is written at once, or in the next interval. It is lost when the queue is full.
   *
   * @param line the line, with a newline
   */
  write(line: string): void {
    if (this.#waiting.length + this.#rest.length + line.length > MAX_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting += line;
    if (!this.#isWriting && !this.#mayWait()) this.#next();
  }

  /**
   * Waits until every line is written or lost. From now on none waits for an interval.
   *
   * @param ms the maximum time to wait, in milliseconds
   */
  async flush(ms: number): Promise<void> {
    clearTimeout(this.#interval);
    this.#interval = undefined;
    this.#intervalMs = 0;
    if (!this.#isWriting) this.#next();
    if (!this.#isWriting) return;
    const { promise, resolve } = Promise.withResolvers<void>();
    this.#onEmpty = resolve;
    const timer = setTimeout(resolve, ms);
    await promise;
    clearTimeout(timer);
  }

  #next(): void {
    if (this.#rest.length === 0) this.#take();
    this.#isWriting = this.#rest.length > 0;
    if (!this.#isWriting) return this.#onEmpty();
    this.#count();
    this.#tryToWrite((error, written) => {
      if (error?.code === "EAGAIN") return void setTimeout(() => this.#next(), RETRY_MS);
      if (error) this.#loseRest();
      else this.#advance(written);
      this.#goOn();
    });
  }

  #tryToWrite(done: Parameters<WriteBytes>[1]): void {
    try {
      this.#write(this.#wholeLines(), done);
    } catch {
      done({}, 0);
    }
  }

  #goOn(): void {
    if (this.#rest.length > 0 || !this.#mayWait()) return this.#next();
    this.#isWriting = false;
  }

  /** Whether the next write can wait for the next interval. */
  #mayWait(): boolean {
    const isUsedUp = this.#interval !== undefined && this.#writes >= WRITES;
    return isUsedUp && this.#waiting.length < MAX_WRITE;
  }

  #count(): void {
    this.#writes += 1;
    if (this.#intervalMs === 0 || this.#interval) return;
    this.#interval = setTimeout(() => {
      this.#interval = undefined;
      this.#writes = 0;
      if (!this.#isWriting) this.#next();
    }, this.#intervalMs);
  }

  /** The next bytes to write: as many whole lines as the limit allows, but at least one line. */
  #wholeLines(): Uint8Array {
    const rest = this.#rest;
    if (rest.length <= this.#maxWrite) return rest;
    const end = rest.lastIndexOf(NEWLINE, this.#maxWrite - 1);
    return rest.subarray(0, (end < 0 ? rest.indexOf(NEWLINE) : end) + 1);
  }

  #take(): void {
    if (this.#waiting === "") return;
    this.#rest = Buffer.from(this.#isCut ? `\n${this.#waiting}` : this.#waiting);
    this.#waiting = "";
  }

  #advance(written: number): void {
    if (written > 0) this.#isCut = this.#rest[written - 1] !== NEWLINE;
    this.#rest = this.#rest.subarray(written);
    if (this.#rest.length > 0) return;
    const lines = this.#lost - this.#reported;
    this.#reported = this.#lost;
    if (lines > 0) this.#report(lines);
  }

  #loseRest(): void {
    // A newline at the beginning ends a line that is already written.
    for (const byte of this.#rest.subarray(1)) if (byte === NEWLINE) this.#lost += 1;
    this.#rest = NOTHING;
  }
}

function writeToStdout(bytes: Uint8Array, done: Parameters<WriteBytes>[1]): void {
  write(1, bytes, done);
}
