import { write } from "node:fs";

/**
 * Writes bytes without blocking the caller.
 *
 * @param bytes at least one
 * @param done called with the error, or with how many of the bytes were written
 */
export type WriteBytes = (
  bytes: Uint8Array,
  done: (error: { code?: string } | null, written: number) => void,
) => void;

/** How many characters of lines may wait; further lines are lost. */
export const MAX_WAITING = 1024 * 1024;

const MAX_WRITE = 64 * 1024;
/** POSIX, write(): so many bytes into a pipe are never mixed with those of another process. */
export const PIPE_BUF = 4096;
const RETRY_MS = 100;
const NOTHING = new Uint8Array();
const NEWLINE = 0x0a;

/**
 * Lines on their way to stdout, of which only so many wait for a reader that is slow. When stdout takes
 * none, lines are lost and counted, and the process goes on.
 */
export class LogQueue {
  readonly #write: WriteBytes;
  readonly #maxWrite: number;
  /** Lines that wait until those before them are written. */
  #waiting = "";
  /** The rest of what is being written. */
  #rest: Uint8Array = NOTHING;
  #isWriting = false;
  /** Whether a line was cut by an error, so that the next one has to begin with a newline. */
  #isCut = false;
  #lost = 0;
  #reported = 0;
  #report: (lines: number) => void = () => {};
  #onEmpty: () => void = () => {};

  /**
   * @param write how bytes are written. Default: to stdout.
   * @param maxWrite how many bytes of whole lines are written at once; {@link PIPE_BUF} where several
   *   processes share stdout
   */
  constructor(write: WriteBytes = writeToStdout, maxWrite = MAX_WRITE) {
    this.#write = write;
    this.#maxWrite = maxWrite;
  }

  /** How many lines were lost so far. */
  get lostLines(): number {
    return this.#lost;
  }

  /**
   * Sets who is told of lost lines.
   *
   * @param report called once lines can be written again, with how many were lost since the last call
   */
  reportTo(report: (lines: number) => void): void {
    this.#report = report;
  }

  /** @param line with its newline; it is written as soon as possible, or lost */
  write(line: string): void {
    if (this.#waiting.length + this.#rest.length + line.length > MAX_WAITING) {
      this.#lost += 1;
      return;
    }
    this.#waiting += line;
    if (!this.#isWriting) this.#next();
  }

  /**
   * Waits until every line is written or lost.
   *
   * @param ms how long at most, in milliseconds
   */
  async flush(ms: number): Promise<void> {
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
    this.#write(this.#wholeLines(), (error, written) => {
      if (error?.code === "EAGAIN") return void setTimeout(() => this.#next(), RETRY_MS);
      if (error) this.#loseRest();
      else this.#advance(written);
      this.#next();
    });
  }

  /** The beginning of the rest: whole lines up to the limit, or one line that is longer. */
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
    // A newline at the beginning ends a line that was written.
    for (const byte of this.#rest.subarray(1)) if (byte === NEWLINE) this.#lost += 1;
    this.#rest = NOTHING;
  }
}

function writeToStdout(bytes: Uint8Array, done: Parameters<WriteBytes>[1]): void {
  write(1, bytes, done);
}
