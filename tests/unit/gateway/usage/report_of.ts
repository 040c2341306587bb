import { createUsageReader } from "../../../../lib/gateway/usage/usage_reader.ts";
import type { Answered } from "./answers.ts";

const encoder = new TextEncoder();

/** The reader of an answer. */
export function readerOf(
  { operation, type }: Pick<Answered, "operation" | "type">,
  outputs?: number,
) {
  const headers = new Headers({ "content-type": `${type}; charset=utf-8` });
  return createUsageReader(operation.usage!, { status: 200, headers }, outputs)!;
}

/** What is reported after the bytes, which come in pieces of a size. */
export function reportOf(answer: Omit<Answered, "usage">, size = Infinity, outputs?: number) {
  const reader = readerOf(answer, outputs);
  const bytes = encoder.encode(answer.body);
  for (let start = 0; start < bytes.length; start += size) {
    reader.read(bytes.slice(start, start + size));
  }
  reader.end?.();
  return reader.report();
}
