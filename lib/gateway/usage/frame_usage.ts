import { FrameSplitter } from "../body/frame_splitter.ts";
import type { Bytes } from "../body/relay.ts";
import type { UsageReader } from "../model/usage.ts";
import { readFrame } from "./event_frame.ts";
import { isJsonTable, jsonAt, parseJson } from "./usage_numbers.ts";

/** The most bytes of a frame. A stream with a longer one has no report. */
const MAX_FRAME = 8 * 1024 * 1024;

/**
 * Reads the frames of a stream of AWS as the events that they stand for: a `chunk` has an event of another API in it, the
 * payload of any other is the event, and its type stands in a header.
 *
 * @param events the reader of an event stream
 */
export function createFrameUsageReader(events: UsageReader): UsageReader {
  const frames = new FrameSplitter(MAX_FRAME);
  let hasFailed = false;
  return {
    read(piece) {
      if (hasFailed) return;
      try {
        // A piece of a body never shares its memory with another thread.
        const whole = frames.push(piece as Bytes);
        if (frames.isExceeded) throw new RangeError("a frame is too long");
        for (const frame of whole) {
          const { type, payload } = readFrame(frame);
          const data = dataOf(type, decoder.decode(payload));
          if (data !== undefined) events.read(encoder.encode(`data: ${data}\n\n`));
        }
      } catch (error) {
        if (!(error instanceof RangeError)) throw error;
        hasFailed = true;
      }
    },
    report: () => (hasFailed ? undefined : events.report()),
    hasEnded: () => events.hasEnded?.() === true,
  };
}

const decoder = new TextDecoder();
const encoder = new TextEncoder();

function dataOf(type: string, payload: string): string | undefined {
  const document = parseJson(payload);
  if (!isJsonTable(document)) return undefined;
  if (type !== "chunk") return JSON.stringify({ ...document, type });
  const bytes = jsonAt(document, ["bytes"]);
  return typeof bytes === "string" ? decodeBase64(bytes) : undefined;
}

function decodeBase64(text: string): string | undefined {
  try {
    return decoder.decode(Uint8Array.fromBase64(text));
  } catch {
    return undefined;
  }
}
