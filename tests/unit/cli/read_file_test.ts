import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stateOfFiles } from "../../../lib/runtime/process/file_state.ts";
import { createFileReader, readBytes, readText } from "../../../lib/cli/support/read_file.ts";

const MOST = 64 * 1024 * 1024;
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "signway-files-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** A file of zeros, which takes no room on the disk. */
function fileOf(length: number): string {
  const path = join(folder, `${length}`);
  writeFileSync(path, "");
  truncateSync(path, length);
  return path;
}

describe("a text file", () => {
  test.each(["/dev/zero", "/dev/full", "/dev/urandom"])(
    "that never ends is refused: %s",
    (path) => {
      expect(readText(path)).toBeUndefined();
    },
  );

  test.each([0, 1, 64 * 1024, 64 * 1024 + 1, MOST])("of %i bytes is read", (length) => {
    expect(readText(fileOf(length))?.length).toBe(length);
  });

  test("of more than 64 MiB is refused", () => {
    expect(readText(fileOf(MOST + 1))).toBeUndefined();
    expect(readBytes(fileOf(MOST + 1))?.length).toBe(MOST + 1);
  });

  test.each(["/nowhere", "/", "/proc/self/mem"])("that cannot be read: %s", (path) => {
    expect([readText(path), readBytes(path)]).toEqual([undefined, undefined]);
  });

  test("that the kernel makes, whose size is nought", () => {
    expect(readText("/proc/self/status")).toContain("Pid:");
  });

  test("is UTF-8, also where it is read in pieces", () => {
    const path = join(folder, "text");
    const text = `${"€".repeat(50_000)}.`;
    writeFileSync(path, text);
    expect(readText(path)).toBe(text);
  });

  test("may be a pipe", async () => {
    const module = join(import.meta.dir, "../../../lib/cli/support/read_file.ts");
    const program = `import { readText } from ${JSON.stringify(module)};
process.stdout.write(String(readText("/dev/stdin")?.length));`;
    // A pipe of Bun's is a socket, which has no path.
    const command = ["sh", "-c", 'yes | head -c 1000000 | "$0" -e "$1"', process.execPath, program];
    const child = Bun.spawn(command, { stdout: "pipe" });
    expect(await new Response(child.stdout).text()).toBe("1000000");
  });
});

describe("a reader of files", () => {
  const path = () => fileOf(3);

  test("records the texts that it reads, and replays them without the files", () => {
    const reader = createFileReader();
    const known = path();
    const load = () => [reader.read(known), reader.read("/nowhere")];
    const { result, texts, stateOf } = reader.record(load);
    expect(stateOf([known, "/nowhere"])).toBe(stateOfFiles([known, "/nowhere"]));
    expect(result).toEqual(["\0\0\0", undefined]);
    expect(texts).toEqual({ [known]: "\0\0\0" });
    expect(reader.replay({ "/nowhere": "a text" }, load)).toEqual([undefined, "a text"]);
    expect(load()).toEqual(["\0\0\0", undefined]);
  });

  test("records the state that a file had before it was read", () => {
    const reader = createFileReader();
    const path = join(folder, "changing");
    writeFileSync(path, "before");
    const before = stateOfFiles([path]);
    const { texts, stateOf } = reader.record(() => {
      reader.read(path);
      writeFileSync(path, "a longer text");
    });
    expect([texts[path], stateOf([path])]).toEqual(["before", before]);
    expect(stateOfFiles([path])).not.toBe(before);
  });

  test("reads files again after a function that throws", () => {
    const reader = createFileReader();
    const failing = () => {
      throw new Error("a mistake");
    };
    expect(() => reader.replay({}, failing)).toThrow("a mistake");
    expect(() => reader.record(failing)).toThrow("a mistake");
    expect(reader.read(path())).toBe("\0\0\0");
  });
});
