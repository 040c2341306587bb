import { closeSync, openSync, readSync, statSync } from "node:fs";
import process from "node:process";
import { arrayBuffer } from "node:stream/consumers";
import type { ReadText, TextsByPath } from "../../config/read_text.ts";
import { stateOfFiles } from "../../runtime/process/file_state.ts";

/** Reads a file; `undefined` when it cannot be read. */
export type ReadBytes = (path: string) => Uint8Array<ArrayBuffer> | undefined;

/** Reads text files, and remembers the texts of pipes, which can be read only once. */
export interface FileReader {
  /** Reads a text file in UTF-8. For a pipe, later calls return the text of the first call. */
  read: ReadText;
  /** Returns the texts that can be read only once. */
  texts: () => TextsByPath;
  /** Adds texts that can be read only once, and that another process has read. */
  keep: (texts: TextsByPath) => void;
  /** Calls a function that reads files. */
  record: <Result>(load: () => Result) => Recorded<Result>;
  /** Calls a function that reads these texts, and no file. */
  replay: <Result>(texts: TextsByPath, load: () => Result) => Result;
}

/** What a function returned, and the files that it read. */
export interface Recorded<Result> {
  result: Result;
  texts: TextsByPath;
  /** Describes files as `stateOfFiles` does, as they were before they were read. */
  stateOf: (files: readonly string[]) => string;
}

/** Creates a reader that has read no file yet. */
export function createFileReader(): FileReader {
  const kept = new Map<string, string>();
  const readOrKept: ReadText = (path) => {
    if (kept.has(path)) return kept.get(path);
    const text = readText(path);
    if (text !== undefined && !isRepeatable(path)) kept.set(path, text);
    return text;
  };
  let read = readOrKept;
  const readingBy = <Result>(other: ReadText, load: () => Result): Result => {
    read = other;
    try {
      return load();
    } finally {
      read = readOrKept;
    }
  };
  return {
    read: (path) => read(path),
    texts: () => Object.fromEntries(kept),
    keep(texts) {
      for (const [path, text] of Object.entries(texts)) kept.set(path, text);
    },
    record: (load) => recordReads(readOrKept, (reading) => readingBy(reading, load)),
    replay(texts, load) {
      const known = new Map(Object.entries(texts));
      return readingBy((path) => known.get(path), load);
    },
  };
}

/** @param loadBy calls a function that reads files by another one */
function recordReads<Result>(
  read: ReadText,
  loadBy: (reading: ReadText) => Result,
): Recorded<Result> {
  const texts = new Map<string, string>();
  const states = new Map<string, string>();
  const result = loadBy((path) => {
    // A file that changes after this is read again later.
    states.set(path, stateOfFiles([path]));
    const text = read(path);
    if (text !== undefined) texts.set(path, text);
    return text;
  });
  const stateOf = (path: string) => states.get(path) ?? stateOfFiles([path]);
  return {
    result,
    texts: Object.fromEntries(texts),
    stateOf: (files) => files.map(stateOf).join("\n"),
  };
}

// A descriptor belongs to this process alone, and relaunching closes it.
const DESCRIPTOR = /^\/(dev\/(fd\/|stdin$)|proc\/(self|\d+)\/fd\/)/;

function isRepeatable(path: string): boolean {
  return !DESCRIPTOR.test(path) && statSync(path, { throwIfNoEntry: false })?.isFile() !== false;
}

/**
 * Reads a text file in UTF-8.
 *
 * @param path the path of the file
 * @returns the text; `undefined` when the file cannot be read, or has more than 64 MiB
 */
export function readText(path: string): string | undefined {
  return readAtMost(path, MOST_OF_TEXT)?.toString();
}

/**
 * Reads a file.
 *
 * @param path the path of the file
 * @returns the bytes; `undefined` when the file cannot be read, or has more than 1 GiB
 */
export function readBytes(path: string): Uint8Array<ArrayBuffer> | undefined {
  return readAtMost(path, MOST_OF_BYTES);
}

// A device such as /dev/zero has no end.
const MOST_OF_TEXT = 64 * 1024 * 1024;
const MOST_OF_BYTES = 1024 * 1024 * 1024;
const PIECE = 64 * 1024;

function readAtMost(path: string, most: number): Buffer<ArrayBuffer> | undefined {
  const pieces: Buffer[] = [];
  let length = 0;
  try {
    using file = openFile(path);
    for (;;) {
      const piece = Buffer.allocUnsafe(PIECE);
      const count = readSync(file.descriptor, piece);
      if (count === 0) return Buffer.concat(pieces, length);
      length += count;
      if (length > most) return undefined;
      pieces.push(piece.subarray(0, count));
    }
  } catch {
    return undefined;
  }
}

function openFile(path: string): Disposable & { descriptor: number } {
  const descriptor = openSync(path, "r");
  return { descriptor, [Symbol.dispose]: () => closeSync(descriptor) };
}

/** Reads standard input to its end. */
export async function readInput(): Promise<Uint8Array<ArrayBuffer>> {
  return new Uint8Array(await arrayBuffer(process.stdin));
}
