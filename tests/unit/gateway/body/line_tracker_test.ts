import { describe, expect, test } from "bun:test";
import { LineTracker } from "../../../../lib/gateway/body/line_tracker.ts";

const ENDS = { LF: "\n", CR: "\r", CRLF: "\r\n" };

const EVENTS = [
  "data: one\n\n",
  "event: two\ndata: a\ndata: b\n\n",
  ": a comment\n\n",
  ": connected\nretry: 3000\n\ndata: c\n\n",
  "\n",
  "id: 7\n: a comment inside\ndata: d\n\n",
  "id\n\n\n\n",
  "data: ü你🚀\n\n",
  "retry: 5\nevent: ping\ndata: e\n\n",
  "data\n\ndata",
];

const STREAMS = Object.entries(ENDS).flatMap(([name, end]) =>
  [...EVENTS, EVENTS.join("")].map((text) => [name, text.replaceAll("\n", end)] as const),
);
const MIXED = EVENTS.map((text, i) => text.replaceAll("\n", Object.values(ENDS)[i % 3] ?? "\n"));

/** The lines of a text that are complete, and whether it ends at the start of one. */
function linesOf(text: string): { lines: string[]; atStart: boolean } {
  const lines = text.split(/\r\n|\r|\n/);
  const last = lines.pop();
  return { lines, atStart: last === "" };
}

/** What may be written at the end of a text, by the lines that a reader would see. */
function expected(text: string): { comment: boolean; blankLine: boolean } {
  const { lines, atStart } = linesOf(text);
  const since = lines.slice(lines.lastIndexOf("") + 1);
  const isOpen = since.some((line) => !/^[:r]/.test(line));
  return {
    comment: atStart && !(text.endsWith("\r") && isOpen),
    blankLine: atStart && !isOpen,
  };
}

function trackerAfter(...pieces: (string | Uint8Array)[]) {
  const tracker = new LineTracker();
  for (const piece of pieces) {
    tracker.push(typeof piece === "string" ? new TextEncoder().encode(piece) : piece);
  }
  return { comment: tracker.takesComment, blankLine: tracker.takesBlankLine };
}

describe("it is known what may be written, wherever the stream is", () => {
  test.each(STREAMS)("lines end in %s: %j", (_, text) => {
    const bytes = new TextEncoder().encode(text);
    for (let at = 0; at <= bytes.length; at++) {
      const head = Buffer.from(bytes.subarray(0, at)).toString("latin1");
      expect([head, trackerAfter(bytes.subarray(0, at))]).toEqual([head, expected(head)]);
    }
  });
});

describe("it is known however the stream is cut", () => {
  test.each([...STREAMS, ["mixed", MIXED.join("")] as const])("lines end in %s: %j", (_, text) => {
    const bytes = new TextEncoder().encode(text);
    const whole = expected(Buffer.from(bytes).toString("latin1"));
    for (let first = 0; first <= bytes.length; first++) {
      for (let second = first; second <= Math.min(first + 6, bytes.length); second++) {
        const pieces = [bytes.subarray(0, first), bytes.subarray(first, second)];
        const found = trackerAfter(...pieces, bytes.subarray(second));
        expect([first, second, found]).toEqual([first, second, whole]);
      }
    }
    expect(trackerAfter(...Array.from(bytes, (byte) => Uint8Array.of(byte)))).toEqual(whole);
  });

  test("every short text of line ends, letters and comments, in every two pieces", () => {
    const texts = [""];
    for (let i = 0; texts.length < 4 ** 6; i++) {
      for (const letter of ["\r", "\n", "a", ":"]) texts.push((texts[i] ?? "") + letter);
    }
    for (const text of texts) {
      for (let at = 0; at <= text.length; at++) {
        const found = [text, at, trackerAfter(text.slice(0, at), text.slice(at))];
        expect(found).toEqual([text, at, expected(text)]);
      }
    }
  });
});

test.each(["", ": connected\n", ":\n", "retry: 3000\n", "id: 7\n", "event: ping\n", "data: x\r\n"])(
  "a comment may follow %j",
  (text) => {
    expect(trackerAfter(text).comment).toBe(true);
  },
);

describe("a byte-order mark at the start is no part of a line", () => {
  const MARK = [0xef, 0xbb, 0xbf];
  const both = { comment: true, blankLine: true };
  const none = { comment: false, blankLine: false };
  test.each([
    [[MARK], both],
    [[MARK.slice(0, 1)], none],
    [[MARK.slice(0, 2)], none],
    [[MARK.slice(0, 1), MARK.slice(1)], both],
    [[[], MARK.slice(0, 2), MARK.slice(2)], both],
    [[MARK.slice(0, 2), [10]], { comment: true, blankLine: false }],
    [[[...MARK, ...MARK]], none],
    [[[10], MARK], none],
  ])("%j", (pieces, found) => {
    expect(trackerAfter(...pieces.map((bytes) => Uint8Array.from(bytes)))).toEqual(found);
  });
});

describe("no heartbeat changes an event", () => {
  const text = MIXED.slice(0, -1).join("");
  const events = dispatched(text);
  test.each([
    ["comment", ":\n"],
    ["blankLine", "\n"],
  ] as const)("as a %s", (form, bytes) => {
    expect(events.map(({ data }) => data)).toEqual(["one", "a\nb", "c", "d", "ü你🚀", "e"]);
    let places = 0;
    for (let at = 0; at <= text.length; at++) {
      if (!trackerAfter(text.slice(0, at))[form]) continue;
      places++;
      expect(dispatched(text.slice(0, at) + bytes + text.slice(at))).toEqual(events);
    }
    expect(places).toBeGreaterThan(EVENTS.length);
  });
});

/** The events that a reader dispatches, as the HTML standard says. */
function dispatched(text: string): { event: string; data: string; id: string }[] {
  const events: { event: string; data: string; id: string }[] = [];
  let data: string[] = [];
  let event = "";
  let id = "";
  for (const line of linesOf(text).lines) {
    const [, name, value = ""] = /^([^:]*):? ?(.*)$/.exec(line) ?? [];
    if (name === "data") data.push(value);
    if (name === "event") event = value;
    if (name === "id") id = value;
    if (line !== "") continue;
    if (data.length > 0) events.push({ event, data: data.join("\n"), id });
    data = [];
    event = "";
  }
  return events.filter((it) => it.data !== "");
}
