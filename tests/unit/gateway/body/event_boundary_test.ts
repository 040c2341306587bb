import { describe, expect, test } from "bun:test";
import { createBoundaryTracker } from "../../../../lib/gateway/body/event_boundary.ts";

const ENDS = { LF: "\n", CR: "\r", CRLF: "\r\n" };

const EVENTS = [
  "data: one\n\n",
  "event: two\ndata: a\ndata: b\n\n",
  ": a comment\n\n",
  "\n",
  "id\n\n\n\n",
  "data: ü你🚀\n\n",
  "data\n\ndata",
];

/** Whether a text ends between two events, by the lines that a reader would see. */
function endsBetweenEvents(text: string): boolean {
  const lines = text.split(/\r\n|\r|\n/);
  return text === "" || (lines.length > 1 && lines.at(-1) === "" && lines.at(-2) === "");
}

function trackerAfter(...pieces: string[]) {
  const tracker = createBoundaryTracker();
  for (const piece of pieces) tracker.push(new TextEncoder().encode(piece));
  return tracker;
}

const STREAMS = Object.entries(ENDS).flatMap(([name, end]) =>
  [...EVENTS, EVENTS.join("")].map((text) => [name, text.replaceAll("\n", end)] as const),
);

describe("a boundary is known wherever the stream is", () => {
  test.each(STREAMS)("lines end in %s: %j", (_, text) => {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      const head = Buffer.from(bytes.subarray(0, at)).toString("latin1");
      const whole = createBoundaryTracker();
      whole.push(bytes.subarray(0, at));
      expect([head, whole.isBetweenEvents()]).toEqual([head, endsBetweenEvents(head)]);
    }
  });
});

describe("a boundary is known however the stream is cut", () => {
  const mixed = EVENTS.map((text, i) => text.replaceAll("\n", Object.values(ENDS)[i % 3] ?? "\n"));
  test.each([...STREAMS, ["mixed", mixed.join("")] as const])("lines end in %s: %j", (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const expected = endsBetweenEvents(text);
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= Math.min(first + 6, bytes.length); second++) {
        const tracker = createBoundaryTracker();
        tracker.push(bytes.subarray(0, first));
        tracker.push(bytes.subarray(first, second));
        tracker.push(bytes.subarray(second));
        expect([first, second, tracker.isBetweenEvents()]).toEqual([first, second, expected]);
      }
    }
    const slow = createBoundaryTracker();
    for (const byte of bytes) slow.push(Uint8Array.of(byte));
    expect(slow.isBetweenEvents()).toBe(expected);
  });

  test("every short text of line ends and letters, in every two pieces", () => {
    const texts = [""];
    for (let i = 0; texts.length < 3 ** 7; i++) {
      for (const letter of ["\r", "\n", "a"]) texts.push((texts[i] ?? "") + letter);
    }
    for (const text of texts) {
      for (let at = 0; at <= text.length; at++) {
        const tracker = trackerAfter(text.slice(0, at), text.slice(at));
        const found = [text, at, tracker.isBetweenEvents()];
        expect(found).toEqual([text, at, endsBetweenEvents(text)]);
      }
    }
  });
});

test("a stream that has not begun is between events", () => {
  expect(trackerAfter().isBetweenEvents()).toBe(true);
  expect(trackerAfter("").isBetweenEvents()).toBe(true);
});

test("a comment at a boundary changes no event", () => {
  const text = EVENTS.map((event, i) => event.replaceAll("\n", Object.values(ENDS)[i % 3] ?? "\n"))
    .slice(0, -1)
    .join("");
  const events = dispatched(text);
  expect(events).toEqual(["one", "a\nb", "ü你🚀"]);
  let boundaries = 0;
  for (let at = 0; at <= text.length; at++) {
    if (!trackerAfter(text.slice(0, at)).isBetweenEvents()) continue;
    boundaries++;
    expect(dispatched(`${text.slice(0, at)}:\n\n${text.slice(at)}`)).toEqual(events);
  }
  expect(boundaries).toBeGreaterThan(EVENTS.length);
});

/** The data of the events that a reader dispatches, as the HTML standard says. */
function dispatched(text: string): string[] {
  const events: string[] = [];
  let data: string[] = [];
  for (const line of text.split(/\r\n|\r|\n/).slice(0, -1)) {
    if (line === "") {
      if (data.length > 0) events.push(data.join("\n"));
      data = [];
    } else if (line.startsWith("data: ")) data.push(line.slice("data: ".length));
  }
  return events;
}
