// Reads what `bun test` prints. The runner starts before anything is installed, so this imports
// nothing but Node's own modules.
import { stripVTControlCharacters } from "node:util";

/** Counts of tests, as `bun test` prints them. */
export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** A test that failed, or a file that could not be run to its end. */
export interface Failure {
  /** The path of the test file, as `bun test` prints it. */
  file: string;
  /** What was printed since the test before, with the line that names the failed test. */
  text: string;
}

/**
 * The counts that `bun test` prints last, held against the total that it prints beside them.
 *
 * @param output what the run wrote to stderr
 * @throws Error when there is no summary, or when its counts do not make up its total
 */
export function countsIn(output: string): Counts {
  const lines = stripVTControlCharacters(output).split("\n");
  const end = lines.findLastIndex((line) => SUMMARY.test(line));
  if (end < 0) throw new Error("bun test printed no summary: it did not get to its end");
  const start = lines.findLastIndex((line, index) => index < end && line.trim() === "");
  const counts = new Map<string, number>();
  for (const line of lines.slice(start + 1, end)) {
    const [, count, what] = /^\s*(\d+) (pass|fail|skip|todo)$/.exec(line) ?? [];
    if (what !== undefined) counts.set(what, Number(count));
  }
  const count = (what: string): number => counts.get(what) ?? 0;
  const [passed, failed, skipped] = [count("pass"), count("fail"), count("skip") + count("todo")];
  const total = Number(/\d+/.exec(lines[end] ?? "")?.[0]);
  if (passed + failed + skipped !== total) {
    throw new Error(`bun test ran ${total} tests, and its counts say ${[...counts].join(" ")}`);
  }
  return { passed, failed, skipped };
}

/**
 * The tests that failed, with what was printed for each, in the order of the output.
 *
 * @param output what the run wrote to stderr
 */
export function failuresIn(output: string): Failure[] {
  const failures: Failure[] = [];
  const lines = stripVTControlCharacters(output).split("\n");
  let file = "";
  let start = 0;
  for (const [index, line] of lines.entries()) {
    const [, header] = HEADER.exec(line) ?? [];
    if (header !== undefined) {
      file = header;
      start = index + 1;
    } else if (SUMMARY.test(line) || /^\d+ tests failed:$/.test(line)) {
      file = "";
    } else if (line === UNHANDLED && file !== "") {
      const shown = lines.slice(index, index + UNHANDLED_LINES).join("\n");
      // With two processes the error may stand below the header of the other one's file.
      failures.push({ file: namedFile(shown, lines) ?? file, text: shown.trim() });
    } else if (/^\((pass|fail|skip|todo)\) /.test(line)) {
      const shown = lines.slice(Math.max(start, index - SHOWN_LINES), index + 1);
      if (file !== "" && line.startsWith("(fail)")) {
        failures.push({ file, text: shown.join("\n").trim() });
      }
      start = index + 1;
    }
  }
  return failures;
}

/** The file of tests that an error names, if the output has a header of it. */
function namedFile(error: string, lines: readonly string[]): string | undefined {
  const headers = lines.flatMap((line) => HEADER.exec(line)?.slice(1) ?? []);
  return headers.find((file) => error.includes(`/${file}`));
}

/** The line above the tests of a file. */
const HEADER = /^(\S+_test\.ts):$/;

const SUMMARY = /^Ran \d+ tests? across \d+ files?\./;

/** What `bun test` prints above an error that belongs to no test. */
const UNHANDLED = "# Unhandled error between tests";

/** How many lines are kept from there on. */
const UNHANDLED_LINES = 12;

/** How many lines before a failed test are kept: enough for an error with its stack. */
const SHOWN_LINES = 60;
