import { closePayload, OPCODE } from "../../support/sockets/frames.ts";
import { type Case, caseOf } from "./frame_cases.ts";

const { more, text, close, ping } = OPCODE;
const hex = (digits: string) => Buffer.from(digits.replaceAll(" ", ""), "hex");

/** Texts of the suite's section 6, by subsections: valid ones, and ones that are no UTF-8. */
const VALID: Readonly<Record<string, readonly string[]>> = {
  "6.5": ["ce ba", "ce ba e1 bd b9 cf 83 ce bc ce b5"],
  "6.6": ["00", "e0 a0 80", "f0 90 80 80", "c2 80"],
  "6.7": ["7f", "df bf", "ef bf bf", "f4 8f bf bf"],
  "6.9": ["ed 9f bf", "ee 80 80", "ef bf bd", "f4 8f bf bf"],
  "6.22": ["ef bf be", "ef bf bf", "f0 9f bf be", "f0 9f bf bf", "f4 8f bf be", "f4 8f bf bf"],
};
const INVALID: Readonly<Record<string, readonly string[]>> = {
  "6.3": ["ce ba e1 bd b9 cf 83 ce bc ce b5 ed a0 80 65 64 69 74 65 64"],
  "6.8": ["f8 88 80 80 80", "fc 84 80 80 80 80"],
  "6.10": ["f7 bf bf bf", "fb bf bf bf bf", "fd bf bf bf bf bf"],
  "6.11": ["f4 90 80 80"],
  "6.12": ["80", "bf", "80 bf", "80 bf 80", "80 bf 80 bf", "80 bf 80 bf 80", "80 bf 80 bf 80 bf"],
  "6.13": ["c0 20 c1 20 c2 20", "e0 20 e1 20", "f0 20 f1 20", "f8 20 f9 20", "fc 20 fd 20"],
  "6.14": [
    "c0",
    "e0 80",
    "f0 80 80",
    "f8 80 80 80",
    "fc 80 80 80 80",
    "df",
    "ef bf",
    "f7 bf bf",
    "fb bf bf bf",
    "fd bf bf bf bf",
  ],
  "6.15": [
    "c0 e0 80 f0 80 80 f8 80 80 80 fc 80 80 80 80 df ef bf f7 bf bf fb bf bf bf fd bf bf bf bf",
  ],
  "6.16": ["fe", "ff", "fe fe ff ff"],
  "6.17": ["c0 af", "e0 80 af", "f0 80 80 af", "f8 80 80 80 af", "fc 80 80 80 80 af"],
  "6.18": ["c1 bf", "e0 9f bf", "f0 8f bf bf", "f8 87 bf bf bf", "fc 83 bf bf bf bf"],
  "6.19": ["c0 80", "e0 80 80", "f0 80 80 80", "f8 80 80 80 80", "fc 80 80 80 80 80"],
  "6.20": ["ed a0 80", "ed ad bf", "ed ae 80", "ed af bf", "ed b0 80", "ed be 80", "ed bf bf"],
  "6.21": ["ed a0 80 ed b0 80", "ed ad bf ed b0 80", "ed ae 80 ed b0 80", "ed af bf ed bf bf"],
};

const ENCODED: Case[] = [
  ...Object.entries(VALID).flatMap(([section, texts]) =>
    texts.map((digits, index) =>
      caseOf(`${section}.${index + 1}`, { echoes: [[text, hex(digits)]], ends: 1000 }, (frame) => [
        frame(text, hex(digits)),
      ]),
    ),
  ),
  ...Object.entries(INVALID).flatMap(([section, texts]) =>
    texts.map((digits, index) =>
      caseOf(`${section}.${index + 1}`, { ends: "failed" }, (frame) => [frame(text, hex(digits))]),
    ),
  ),
];

const WORD = "Hello-µ@ßöäüàá-UTF-8!!";
const SPLIT: Case[] = [
  caseOf("6.1.1", { echoes: [[text, Buffer.alloc(0)]], ends: 1000 }, (frame) => [frame(text)]),
  caseOf("6.1.2", { echoes: [[text, Buffer.alloc(0)]], ends: 1000 }, (frame) => [
    frame(text, "", { isFinal: false }),
    frame(more, "", { isFinal: false }),
    frame(more),
  ]),
  caseOf("6.1.3", { echoes: [[text, Buffer.from("middle")]], ends: 1000 }, (frame) => [
    frame(text, "", { isFinal: false }),
    frame(more, "middle", { isFinal: false }),
    frame(more),
  ]),
  caseOf("6.2.1", { echoes: [[text, Buffer.from(WORD)]], ends: 1000 }, (frame) => [
    frame(text, WORD),
  ]),
  caseOf("6.2.2", { echoes: [[text, Buffer.from(WORD)]], ends: 1000 }, (frame) => [
    frame(text, Buffer.from(WORD).subarray(0, 12), { isFinal: false }),
    frame(more, Buffer.from(WORD).subarray(12)),
  ]),
  ...[3, 4].map((number) =>
    caseOf(`6.2.${number}`, { echoes: [[text, Buffer.from(WORD)]], ends: 1000 }, (frame) => {
      const bytes = [...Buffer.from(WORD)];
      return bytes.map((byte, index) =>
        frame(index === 0 ? text : more, Buffer.from([byte]), {
          isFinal: index === bytes.length - 1,
        }),
      );
    }),
  ),
  ...["ce ba e1 bd b9", "f4", "f4 90", "ce ba e1 bd b9 cf 83 ce bc ce b5 f4"].map((digits, index) =>
    caseOf(`6.4.${index + 1}`, { ends: "failed" }, (frame) => [
      frame(text, hex(digits), { isFinal: false }),
      frame(more, hex("f4 90 80 80 65 64"), { isFinal: false }),
      frame(more, "edited"),
    ]),
  ),
];

const GOOD_CODES = [1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 3000, 3999, 4000, 4999];
const BAD_CODES = [0, 999, 1004, 1005, 1006, 1016, 1100, 2000, 2999];
const UNREGISTERED = [5000, 65_535];

const CLOSING: Case[] = [
  caseOf("7.1.1", { echoes: [[text, Buffer.from("Hello")]], ends: 1000 }, (frame) => [
    frame(text, "Hello"),
    frame(close, closePayload(1000)),
  ]),
  caseOf("7.1.2", { ends: 1000 }, (frame) => [
    frame(close, closePayload(1000)),
    frame(close, closePayload(1000)),
  ]),
  caseOf("7.1.3", { ends: 1000 }, (frame) => [
    frame(close, closePayload(1000)),
    frame(ping, "behind"),
  ]),
  caseOf("7.1.4", { ends: 1000 }, (frame) => [
    frame(close, closePayload(1000)),
    frame(text, "behind"),
  ]),
  caseOf("7.1.5", { ends: 1000 }, (frame) => [
    frame(text, "fragment1", { isFinal: false }),
    frame(close, closePayload(1000)),
    frame(more, "fragment2"),
  ]),
  caseOf("7.3.1", { ends: "plain" }, (frame) => [frame(close)]),
  caseOf("7.3.2", { ends: "failed" }, (frame) => [frame(close, "a")]),
  caseOf("7.3.3", { ends: 1000 }, (frame) => [frame(close, closePayload(1000))]),
  caseOf("7.3.4", { ends: 1000 }, (frame) => [frame(close, closePayload(1000, "Hello World!"))]),
  caseOf("7.3.5", { ends: 1000 }, (frame) => [frame(close, closePayload(1000, "*".repeat(123)))]),
  caseOf("7.3.6", { ends: "failed" }, (frame) => [
    frame(close, closePayload(1000, "*".repeat(124))),
  ]),
  caseOf("7.5.1", { ends: "failed" }, (frame) => [
    frame(close, Buffer.concat([closePayload(1000), hex("ce ba e1 bd b9 cf 83 ed a0 80")])),
  ]),
  ...GOOD_CODES.map((code, index) =>
    caseOf(`7.7.${index + 1}`, { ends: code }, (frame) => [frame(close, closePayload(code))]),
  ),
  ...BAD_CODES.map((code, index) =>
    caseOf(`7.9.${index + 1}`, { ends: "failed" }, (frame) => [frame(close, closePayload(code))]),
  ),
  ...UNREGISTERED.map((code, index) =>
    caseOf(`7.13.${index + 1}`, { ends: "failed" }, (frame) => [frame(close, closePayload(code))]),
  ),
];

/** Sections 6 and 7. */
export const TEXT_CASES: readonly Case[] = [...ENCODED, ...SPLIT, ...CLOSING];
