import { describe, expect, test } from "bun:test";
import { EditedReader } from "../../../../lib/gateway/body/edited_reader.ts";
import { EventSplitter } from "../../../../lib/gateway/body/event_splitter.ts";
import { LimitedReader } from "../../../../lib/gateway/body/limited_reader.ts";
import { type BodyReader, type Bytes, openReader } from "../../../../lib/gateway/body/relay.ts";
import { TimerWheel } from "../../../../lib/gateway/time/timer_wheel.ts";

// Each line is an event.
const LINES = 100_000;
const BODY = new TextEncoder().encode("\n".repeat(LINES) + "data: last\n\n");

/** A body that arrives in one piece. */
function inOnePiece(bytes: Bytes): BodyReader {
  const pieces = [bytes];
  return {
    async read() {
      const value = pieces.shift();
      return value ? { done: false, value } : { done: true, value: undefined };
    },
    cancel: async () => {},
  };
}

/** Reads a body to its end, and counts the turns of others meanwhile. */
async function readAll(reader: BodyReader) {
  const pieces: Bytes[] = [];
  let turns = 0;
  let isRead = false;
  const takeTurn = () => {
    if (isRead) return;
    turns++;
    setImmediate(takeTurn);
  };
  setImmediate(takeTurn);
  for (let next = await reader.read(); !next.done; next = await reader.read()) {
    pieces.push(next.value);
  }
  isRead = true;
  return { body: Buffer.concat(pieces), turns };
}

describe("others have their turns during a piece of 100,000 events", () => {
  test("that are passed on one by one", async () => {
    const stall = { wait() {}, arrived() {}, stop() {} };
    const reader = new LimitedReader(openReader(inOnePiece(BODY)), {
      streamEnd: { splitter: new EventSplitter(1_000), lastPieces: () => [] },
      isHeld: () => true,
      stall,
      timers: new TimerWheel(),
      onPass: () => {},
      onEnd: () => {},
    });
    const { body, turns } = await readAll(reader);
    expect(body.equals(BODY)).toBe(true);
    expect(turns).toBeGreaterThan(3);
  });

  test("that are edited one by one", async () => {
    const splitter = new EventSplitter(1_000);
    const reader = new EditedReader(inOnePiece(BODY), {
      take: (piece) => splitter.push(piece),
      end: () => [splitter.end()],
    });
    const { body, turns } = await readAll(reader);
    expect(body.equals(BODY)).toBe(true);
    expect(turns).toBeGreaterThan(3);
  });
});
