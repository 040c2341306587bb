import {
  closePayload,
  frame as rawFrame,
  type FrameOptions,
  OPCODE,
} from "../../support/sockets/frames.ts";

/** What a case expects of an echo. */
export interface Expected {
  /** The messages that come back, in their order: the kind and the payload. */
  echoes?: readonly (readonly [opcode: number, payload: Buffer])[];
  /** The payloads of the pongs, of which only the last one has to come. Default: none. */
  pong?: string;
  /**
   * How it ends: `failed`, with 1002, 1007, 1009 or without a close frame; a code; `plain`, a close without a code.
   */
  ends: "failed" | "plain" | number;
}

/** A case of the Autobahn suite, by its number there. */
export interface Case extends Expected {
  id: string;
  /** The bytes that are sent, in pieces. */
  sends: (isMasked: boolean) => readonly Buffer[];
  /** Whether the connection is closed when everything has come back. */
  closes: boolean;
}

type MakeFrame = (opcode: number, payload?: string | Uint8Array, options?: FrameOptions) => Buffer;

const { more, text, binary, close, ping, pong } = OPCODE;

/** A case that is written with frames. */
export function caseOf(
  id: string,
  expected: Expected,
  write: (frame: MakeFrame) => Buffer[],
): Case {
  return {
    id,
    ...expected,
    sends: (isMasked) =>
      write((opcode, payload, options) => rawFrame(opcode, payload, { isMasked, ...options })),
    // Section 7 closes by itself.
    closes: expected.ends === 1000 && !id.startsWith("7"),
  };
}

const echo = (opcode: number, payload: string | Uint8Array) =>
  [opcode, Buffer.from(payload)] as const;

/** The bytes in pieces. */
function chop(bytes: Buffer, size: number): Buffer[] {
  const pieces: Buffer[] = [];
  for (let start = 0; start < bytes.length; start += size) {
    pieces.push(bytes.subarray(start, start + size));
  }
  return pieces;
}

const SIZES = [0, 125, 126, 127, 128, 65_535, 65_536];

const FRAMING: Case[] = [text, binary].flatMap((opcode, kind) => [
  ...SIZES.map((size, index) => {
    const payload = Buffer.alloc(size, "*");
    return caseOf(
      `1.${kind + 1}.${index + 1}`,
      { echoes: [echo(opcode, payload)], ends: 1000 },
      (frame) => [frame(opcode, payload)],
    );
  }),
  caseOf(
    `1.${kind + 1}.8`,
    { echoes: [echo(opcode, Buffer.alloc(65_536, "*"))], ends: 1000 },
    (frame) => chop(frame(opcode, Buffer.alloc(65_536, "*")), 997),
  ),
]);

const octets = Buffer.alloc(125, 0xfe);
const PINGS: Case[] = [
  caseOf("2.1", { pong: "", ends: 1000 }, (frame) => [frame(ping)]),
  caseOf("2.2", { pong: "Hello, world!", ends: 1000 }, (frame) => [frame(ping, "Hello, world!")]),
  caseOf("2.3", { pong: "\0\xff\xfe", ends: 1000 }, (frame) => [
    frame(ping, Buffer.from("\0\xff\xfe", "latin1")),
  ]),
  caseOf("2.4", { pong: octets.toString("latin1"), ends: 1000 }, (frame) => [frame(ping, octets)]),
  caseOf("2.5", { ends: "failed" }, (frame) => [frame(ping, Buffer.alloc(126, 0xfe))]),
  caseOf("2.6", { pong: octets.toString("latin1"), ends: 1000 }, (frame) =>
    chop(frame(ping, octets), 1),
  ),
  caseOf("2.7", { ends: 1000 }, (frame) => [frame(pong)]),
  caseOf("2.8", { ends: 1000 }, (frame) => [frame(pong, "unsolicited pong payload")]),
  caseOf("2.9", { pong: "ping payload", ends: 1000 }, (frame) => [
    frame(pong, "unsolicited pong payload"),
    frame(ping, "ping payload"),
  ]),
  caseOf("2.10", { pong: "payload-9", ends: 1000 }, (frame) =>
    Array.from({ length: 10 }, (_, index) => frame(ping, `payload-${index}`)),
  ),
  caseOf("2.11", { pong: "payload-9", ends: 1000 }, (frame) =>
    Array.from({ length: 10 }, (_, index) => frame(ping, `payload-${index}`)).flatMap((it) =>
      chop(it, 1),
    ),
  ),
];

const RESERVED: Case[] = [1, 2, 3, 4, 5, 6, 7].map((reserved) =>
  caseOf(
    `3.${reserved}`,
    { echoes: reserved > 1 && reserved < 5 ? [echo(text, "Hello")] : [], ends: "failed" },
    (frame) => [
      ...(reserved > 1 && reserved < 5 ? [frame(text, "Hello")] : []),
      reserved === 5
        ? frame(binary, Buffer.alloc(9), { reserved })
        : reserved === 6
          ? frame(ping, "x", { reserved })
          : reserved === 7
            ? frame(close, closePayload(1000), { reserved })
            : frame(text, "Hello", { reserved }),
    ],
  ),
);

const OPCODES: Case[] = [
  ...[3, 4, 5, 6, 7].map((opcode, index) => [`4.1.${index + 1}`, opcode] as const),
  ...[11, 12, 13, 14, 15].map((opcode, index) => [`4.2.${index + 1}`, opcode] as const),
].map(([id, opcode]) => {
  const isBehind = /[345]$/.test(id);
  return caseOf(id, { echoes: isBehind ? [echo(text, "Hello")] : [], ends: "failed" }, (frame) => [
    ...(isBehind ? [frame(text, "Hello")] : []),
    frame(opcode, /[14]$/.test(id) ? "" : "payload"),
  ]);
});

const part = { isFinal: false };
const BOTH = [echo(text, "fragment1fragment2")];
const FRAGMENTS: Case[] = [
  caseOf("5.1", { ends: "failed" }, (frame) => [frame(ping, "a", part), frame(more, "b")]),
  caseOf("5.2", { ends: "failed" }, (frame) => [frame(pong, "a", part), frame(more, "b")]),
  caseOf("5.3", { echoes: BOTH, ends: 1000 }, (frame) => [
    frame(text, "fragment1", part),
    frame(more, "fragment2"),
  ]),
  caseOf("5.4", { echoes: BOTH, ends: 1000 }, (frame) => [
    Buffer.concat([frame(text, "fragment1", part), frame(more, "fragment2")]),
  ]),
  caseOf("5.5", { echoes: BOTH, ends: 1000 }, (frame) =>
    chop(Buffer.concat([frame(text, "fragment1", part), frame(more, "fragment2")]), 1),
  ),
  ...[1, Infinity, 997].map((size, index) =>
    caseOf(`5.${6 + index}`, { echoes: BOTH, pong: "ping", ends: 1000 }, (frame) => {
      const frames = [
        frame(text, "fragment1", part),
        frame(ping, "ping"),
        frame(more, "fragment2"),
      ];
      return size === 1 ? frames.flatMap((it) => chop(it, 1)) : [Buffer.concat(frames)];
    }),
  ),
  ...[9, 10, 11].map((number) =>
    caseOf(`5.${number}`, { ends: "failed" }, (frame) => [
      frame(more, "non-continuation payload"),
      frame(text, "Hello, world!"),
    ]),
  ),
  ...[12, 13, 14].map((number) =>
    caseOf(`5.${number}`, { ends: "failed" }, (frame) => [
      frame(more, "non-continuation payload", part),
      frame(text, "Hello, world!"),
    ]),
  ),
  caseOf("5.15", { echoes: BOTH, ends: "failed" }, (frame) => [
    frame(text, "fragment1", part),
    frame(more, "fragment2"),
    frame(more, "fragment3", part),
    frame(text, "fragment4"),
  ]),
  ...[16, 17].map((number) =>
    caseOf(`5.${number}`, { ends: "failed" }, (frame) => [
      frame(more, "fragment1", { isFinal: number === 17 }),
      frame(text, "fragment2", part),
      frame(more, "fragment3"),
    ]),
  ),
  caseOf("5.18", { ends: "failed" }, (frame) => [
    frame(text, "fragment1", part),
    frame(text, "fragment2"),
  ]),
  ...[19, 20].map((number) =>
    caseOf(
      `5.${number}`,
      { echoes: [echo(text, "12345")], pong: "pongme 2!", ends: 1000 },
      (frame) => [
        ...[frame(text, "1", part), frame(more, "2", part), frame(ping, "pongme 1!")],
        ...[
          frame(more, "3", part),
          frame(more, "4", part),
          frame(ping, "pongme 2!"),
          frame(more, "5"),
        ],
      ],
    ),
  ),
];

const LARGE: Case[] = [
  ...[text, binary].flatMap((opcode, kind) =>
    [64, 256, 1024, 4096].map((size, index) => {
      const payload = Buffer.alloc(size * 1024, "*");
      return caseOf(
        `9.${kind + 1}.${index + 1}`,
        { echoes: [echo(opcode, payload)], ends: 1000 },
        (frame) => [frame(opcode, payload)],
      );
    }),
  ),
  ...[text, binary].flatMap((opcode, kind) =>
    [64, 1024, 65_536].map((size, index) => {
      const payload = Buffer.alloc(256 * 1024, "*");
      return caseOf(
        `9.${kind + 3}.${index + 1}`,
        { echoes: [echo(opcode, payload)], ends: 1000 },
        (frame) => {
          const pieces = chop(payload, size);
          return [
            Buffer.concat(
              pieces.map((piece, at) =>
                frame(at === 0 ? opcode : more, piece, { isFinal: at === pieces.length - 1 }),
              ),
            ),
          ];
        },
      );
    }),
  ),
  caseOf("10.1.1", { echoes: [echo(text, "*".repeat(65_536))], ends: 1000 }, (frame) => [
    frame(text, "*".repeat(65_536)),
  ]),
];

/** Sections 1 to 5, 9 and 10. */
export const FRAME_CASES: readonly Case[] = [
  ...FRAMING,
  ...PINGS,
  ...RESERVED,
  ...OPCODES,
  ...FRAGMENTS,
  ...LARGE,
];
