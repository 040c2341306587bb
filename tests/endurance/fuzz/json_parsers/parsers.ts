import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import type { Subprocess } from "bun";

/** A parser of JSON in a process of its own. */
export interface JsonParser extends AsyncDisposable {
  name: string;
  /**
   * What it makes of documents, one text for each: equal texts mean the same, and `!` is a refusal.
   *
   * @param documents without newlines, for jq
   */
  read: (documents: readonly Uint8Array[]) => Promise<string[]>;
}

type Pipes = Subprocess<"pipe", "pipe", "inherit">;

const HERE = import.meta.dirname;

/** Starts Python's json, Go's encoding/json, Node's JSON.parse and jq. */
export async function startParsers(): Promise<JsonParser[]> {
  const folder = await mkdtemp(`${tmpdir()}/signway-json-`);
  const reader = `${folder}/reader`;
  const build = Bun.spawn(["go", "build", "-o", reader, `${HERE}/reader.go`], {
    stderr: "inherit",
    env: { ...process.env, GO111MODULE: "off" },
  });
  if ((await build.exited) !== 0) throw new Error("go cannot build the reader");
  const inHex = (document: Uint8Array) => Buffer.from(document).toString("hex");
  return [
    startParser("Python", ["python3", `${HERE}/reader.py`], { write: inHex }),
    startParser("Go", [reader], {
      write: inHex,
      end: () => rm(folder, { recursive: true }),
    }),
    startParser("Node", ["node", `${HERE}/reader.mjs`], { write: inHex }),
    startParser("jq", ["jq", "--unbuffered", "--compact-output", "."], {
      write: (document) => Buffer.from(document).toString("utf8"),
      result: (line) => meaningOf(JSON.parse(line)),
    }),
  ];
}

interface Protocol {
  /** The line for a document. */
  write: (document: Uint8Array) => string;
  /** The meaning of the line that comes back. Default: the line. */
  result?: (line: string) => string;
  end?: () => Promise<void>;
}

function startParser(name: string, command: string[], protocol: Protocol): JsonParser {
  const { write, result = (line) => line, end = async () => {} } = protocol;
  const child: Pipes = Bun.spawn(command, { stdin: "pipe", stdout: "pipe", stderr: "inherit" });
  const lines = linesOf(child.stdout);
  return {
    name,
    async read(documents) {
      child.stdin.write(documents.map((document) => `${write(document)}\n`).join(""));
      child.stdin.flush();
      const results: string[] = [];
      for (const _ of documents) {
        const { done, value } = await lines.next();
        if (done) throw new Error(`${name} ended after ${results.length} documents`);
        results.push(result(value));
      }
      return results;
    },
    async [Symbol.asyncDispose]() {
      child.stdin.end();
      await child.exited;
      await end();
    },
  };
}

async function* linesOf(stream: ReadableStream<Uint8Array>): AsyncGenerator<string> {
  const decoder = new TextDecoder();
  let rest = "";
  for await (const piece of stream) {
    const lines = (rest + decoder.decode(piece, { stream: true })).split("\n");
    rest = lines.pop()!;
    yield* lines;
  }
}

/** The meaning of a value, as the readers write it. */
export function meaningOf(value: unknown): string {
  if (value === null) return "n";
  if (typeof value === "boolean") return value ? "t" : "f";
  if (typeof value === "string") return `s${hex(value)}`;
  if (typeof value === "number") return `d${doubleInHex(value)}`;
  if (Array.isArray(value)) return `[${value.map(meaningOf).join(",")}]`;
  const members = Object.entries(value as object).map(([name, it]) => [hex(name), meaningOf(it)]);
  members.sort(([a], [b]) => (a! < b! ? -1 : 1));
  return `{${members.map((pair) => pair.join(":")).join(",")}}`;
}

function hex(text: string): string {
  return Buffer.from(text).toString("hex");
}

function doubleInHex(value: number): string {
  const bytes = Buffer.alloc(8);
  bytes.writeDoubleBE(value || 0);
  return bytes.toString("hex");
}
