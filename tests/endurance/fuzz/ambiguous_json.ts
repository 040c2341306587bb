import type { Random } from "../../support/random.ts";
import { mutateOften } from "./mutate.ts";

// What parsers of JSON read in different ways, or some of them not at all.
const NUMBERS = [
  ...["0", "-0", "1", "1.0", "1e2", "1E+2", "0.1", "2.50", "1e-400", "-0.0", "1e308", "1e309"],
  ...["9007199254740991", "9007199254740992", "9007199254740993", "18446744073709551616"],
  ...["123456789012345678901234567890", "1.7976931348623157e308", "5e-324", "-1E-7"],
  ...["01", "+1", ".5", "5.", "0x10", "1_000", "NaN", "Infinity", "-Infinity", "1e", "0b1", "١"],
];
const TEXTS = [
  ...[
    '""',
    '"a"',
    '"\u00e9"',
    '"\\u00e9"',
    '"\\ud83d\\udd11"',
    '"\u{1f511}"',
    '"\\/"',
    '"\\u0000"',
  ],
  ...[
    '"\\ud800"',
    '"\\udc00\\ud800"',
    '"\\uD83D"',
    '"\\x41"',
    '"\\a"',
    "'a'",
    '"a',
    '"\t"',
    '"\u2028"',
  ],
  ...['"\\u00"', '"\\uzzzz"', '"\\\\u0041"', '"\u007f"', '"\\u212a"', '"\ufeff"'],
];
const NAMES = [
  ...[
    '"a"',
    '"A"',
    '"model"',
    '"Model"',
    '"MODEL"',
    '"mod\\u0065l"',
    '"store"',
    '"\u017ftore"',
    '"k"',
  ],
  ...[
    '"\u212a"',
    '"__proto__"',
    '"__pro\\u0074o__"',
    '"constructor"',
    '"toString"',
    '"\u00df"',
    '"ss"',
  ],
  ...[
    '"1"',
    '"0"',
    '"-1"',
    '""',
    '" a"',
    '"i"',
    '"\u0130"',
    '"\u0131"',
    '"I"',
    "a",
    "'a'",
    '"a\\u0000"',
  ],
];
const BLANKS = [
  "",
  "",
  "",
  "",
  "",
  " ",
  "\n",
  "\t",
  "\r\n",
  "\u00a0",
  "\ufeff",
  "\v",
  "/**/",
  "//a\n",
];
const WORDS = ["null", "true", "false", "True", "None", "undefined", "nul", "NULL"];
const SNIPPETS = [
  ...'{}[]:,"\\/-+.eE0 \n\t\0\u0001\u00a0\ufeff',
  ...["\\u", "\\ud800", "null", "true", "1e999", "/*", "*/", "//", "NaN", '"a":1,', ",,", "}}"],
];

/** Bytes that are JSON, or nearly. */
export function ambiguousJson(random: Random): Uint8Array {
  const text = random.below(40) === 0 ? deepDocument(random) : document(random, 0);
  const framed = random.pick([
    () => text,
    () => text,
    () => text,
    () => `${text}${random.pick([" ", "\n", "x", "{}", "\0", ",", "]", " null"])}`,
    () => `${random.pick(["\ufeff", " ", "\0", ")]}',\n", ";"])}${text}`,
    () => mutateOften(text, random, 3, SNIPPETS),
  ])();
  return encode(framed, random);
}

function document(random: Random, depth: number): string {
  const blank = () => (random.below(4) === 0 ? random.pick(BLANKS) : "");
  const around = (text: string) => `${blank()}${text}${blank()}`;
  const kind = random.below(depth > 3 ? 4 : 8);
  if (kind === 0) return around(pickRight(random, WORDS, 3));
  if (kind === 1) return around(pickRight(random, NUMBERS, 12));
  if (kind < 4) return around(pickRight(random, TEXTS, 8));
  const items = Array.from({ length: random.below(5) }, () => {
    const value = document(random, depth + 1);
    return kind < 6 ? value : `${around(random.pick(NAMES))}:${value}`;
  });
  const inner = items.join(",") + (random.below(40) === 0 ? "," : "");
  return around(kind < 6 ? `[${inner}]` : `{${inner}}`);
}

/** Mostly one of the first entries, which are right, so that many documents are. */
function pickRight(random: Random, entries: readonly string[], right: number): string {
  return random.below(5) > 0 ? entries[random.below(right)]! : random.pick(entries);
}

function deepDocument(random: Random): string {
  const depth = random.pick([63, 64, 65, 128, 1000]);
  const [open, close] = random.pick([
    ["[", "]"],
    ['{"a":', "}"],
  ] as const);
  return `${open.repeat(depth)}1${close.repeat(depth)}`;
}

function encode(text: string, random: Random): Uint8Array {
  const utf8 = new Uint8Array(Buffer.from(text));
  switch (random.below(30)) {
    case 0:
      return new Uint8Array(Buffer.from(text, "utf16le"));
    case 1:
      return new Uint8Array(Buffer.from(text, "utf16le").swap16());
    case 2:
      return new Uint8Array(Buffer.from(text, "latin1"));
    case 3: {
      // A byte that is no UTF-8, or part of an overlong form.
      const at = random.below(utf8.length + 1);
      const odd = random.pick([
        [0xff],
        [0xc0, 0xaf],
        [0xed, 0xa0, 0x80],
        [0xe0, 0x80, 0xaf],
        [0x80],
      ]);
      return new Uint8Array([...utf8.subarray(0, at), ...odd, ...utf8.subarray(at)]);
    }
    default:
      return utf8;
  }
}
