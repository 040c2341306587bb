import { takeBlocks } from "./blocks.ts";

/** One event, as the feed sends it and the clients read it. */
export interface StreamEvent {
  /** The number in the requested path. */
  stream: number;
  /** Counts from zero within its stream. */
  sequence: number;
  /** When it was sent, by `sharedClock`. */
  sentMs: number;
}

/** Milliseconds with fractions, on a clock that all processes of a machine share. */
export function sharedClock(): number {
  return performance.timeOrigin + performance.now();
}

/** The path of a stream at the upstream. */
export function streamPath(stream: number): string {
  return `/v1/streams/${stream}`;
}

/** The number of the stream that a request head asks for; undefined when it asks for none. */
export function parseStreamNumber(head: string): number | undefined {
  const number = /^GET \/v1\/streams\/(\d+) /.exec(head)?.[1];
  return number === undefined ? undefined : Number(number);
}

/** An event as text, with the blank line that ends it. */
export function formatEvent({ stream, sequence, sentMs }: StreamEvent): string {
  return `data: ${stream} ${sequence} ${sentMs.toFixed(3)}\n\n`;
}

/**
 * Takes the whole events off the front of a stream's text.
 *
 * @param text the rest of the text before, and the text that came since
 * @returns the events, without comments, and the beginning of the next one
 * @throws Error on anything that is neither an event of the feed nor a comment
 */
export function takeEvents(text: string): { events: StreamEvent[]; rest: string } {
  const { blocks, rest } = takeBlocks(text);
  return { events: blocks.map(parseEvent), rest };
}

function parseEvent(block: string): StreamEvent {
  const [, stream, sequence, sentMs] = /^data: (\d+) (\d+) ([\d.]+)$/.exec(block) ?? [];
  if (sentMs === undefined) throw new Error(`not an event: ${JSON.stringify(block)}`);
  return { stream: Number(stream), sequence: Number(sequence), sentMs: Number(sentMs) };
}
