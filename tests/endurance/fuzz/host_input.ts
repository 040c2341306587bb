import { isIPv6 } from "node:net";
import type { Random } from "../../support/random.ts";
import { mutateOften } from "./mutate.ts";

/** The bytes of one request, and what its Host header makes of it. */
export interface HostInput {
  bytes: Buffer;
  /** Whether the gateway may forward it: one Host, of RFC 9110's form. Whatever else is wrong with it. */
  mayPass: boolean;
  /** Whether it has to: nothing of it is unusual. */
  mustPass: boolean;
}

const GOOD = [
  ...[
    "a",
    "gateway.test",
    "GATEWAY.test:8080",
    "a:",
    "a:0",
    "a:65535",
    "127.0.0.1",
    "127.0.0.1:80",
  ],
  ...[
    "[::1]",
    "[::1]:3000",
    "[2001:db8::1]",
    "xn--bcher-kva.example",
    "a_b",
    "a-b.",
    "~a!$&'()*+;=",
  ],
  ...[`${"a".repeat(60)}.${"b".repeat(60)}.${"c".repeat(60)}.${"d".repeat(60)}:65535`],
];

const SNIPPETS = [
  ..."%[]:@/?#\\,;_-.~!$&'()*+= \t\0\x01\x0b\x7f\x80\xff\r\n",
  ...["%00", "%2e", "%CC%80", "%zz", "%", "%5B", "%25", "\xcc\x80", "\xed\xa0\x80", "\xef\xbc\x8e"],
  ...[
    ":0",
    ":65535",
    ":65536",
    ":99999",
    ":00080",
    ":-1",
    ":+1",
    ":1e3",
    ":http",
    ":80:80",
    ": 80",
  ],
  ...["[::1", "::1]", "[]", "[x]", "[::1%25eth0]", "[::ffff:1.2.3.4]", "[v1.a]", "[1:2:3]", "[.]"],
  ...["0x7f.1", "2130706433", "127.1", "1.2.3.4.5", "256.1.1.1", "09.1.1.1", "xn--", "xn--a", ".."],
  ...["user@", "user:pass@", "a, b", "\r\nHost: b", "\r\n b", "\r\nX-Key: mine", "\u200d", "\xad"],
];

const OTHER_LINES = [
  "Accept: */*",
  "X-Forwarded-Host: b",
  "Forwarded: host=b",
  "Origin: https://b",
];

const VERSION = " HTTP/1.1";

/**
 * A request with an odd Host header, an odd target, or both.
 *
 * @param random decides everything
 * @param path and query that are rightly signed
 */
export function randomHostInput(random: Random, path: string): HostInput {
  const isPlain = random.below(10) === 0;
  const lines = isPlain ? [`Host: ${random.pick(GOOD)}`] : hostLines(random);
  const target = isPlain ? path : targetOf(random, path);
  const others = random.below(3) ? [] : [random.pick(OTHER_LINES)];
  const head = [
    `GET ${target}${VERSION}`,
    ...(random.below(2) ? [...lines, ...others] : [...others, ...lines]),
  ];
  return hostInput([...head, "", ""].join("\r\n"), isPlain);
}

/** Judges a request by its bytes. */
export function hostInput(text: string, mustPass = false): HostInput {
  const bytes = Buffer.from(text, "latin1");
  return { bytes, mayPass: mayPass(bytes.toString("latin1")), mustPass };
}

function hostLines(random: Random): string[] {
  const line = () => {
    const name = random.pick([
      "Host",
      "Host",
      "Host",
      "host",
      "HOST",
      "hOsT",
      "Host ",
      " Host",
      "Host\t",
      "H\0st",
    ]);
    const gap = random.pick([": ", ": ", ":", ":\t", ":  \t ", " : "]);
    return name + gap + hostOf(random) + random.pick(["", "", "", " ", "\t"]);
  };
  return Array.from({ length: random.pick([0, 1, 1, 1, 1, 1, 1, 1, 2, 2, 3]) }, line);
}

function hostOf(random: Random): string {
  const good = random.pick(GOOD);
  const character = () => String.fromCharCode(random.below(random.pick([128, 256])));
  return random.pick([
    () => good,
    () => mutateOften(good, random, 3, SNIPPETS),
    () => mutateOften(good, random, 1, SNIPPETS),
    () => random.pick(SNIPPETS),
    () => Array.from({ length: random.below(12) }, character).join(""),
    () => "a".repeat(random.pick([252, 253, 254, 258, 259, 260, 1000, 12_000])),
    () => `a${random.pick(SNIPPETS).repeat(1 + random.below(1200))}`,
    () => `${good}:${random.below(100_000)}`,
    () => `[${mutateOften("2001:db8::1", random, 3, SNIPPETS)}]`,
  ])();
}

function targetOf(random: Random, path: string): string {
  const scheme = random.pick([
    "http://",
    "http://",
    "https://",
    "HTTP://",
    "ftp://",
    "//",
    "http:/",
    "http:",
  ]);
  return random.pick([
    () => path,
    () => path,
    () => path,
    () => scheme + hostOf(random) + path,
    () => scheme + random.pick(GOOD) + path,
    () => random.pick(["*", "/", random.pick(GOOD), `${hostOf(random)}${path}`, ""]),
  ])();
}

/** Whether the bytes hold one Host line as RFC 9110, section 7.2, and RFC 9112, section 5, have it. */
function mayPass(text: string): boolean {
  const [, ...lines] = (text.split("\r\n\r\n")[0] ?? "").split("\r\n");
  const values = lines.flatMap((line) => /^host[ \t]*:(.*)$/is.exec(line)?.[1] ?? []);
  const [value = ""] = values;
  return values.length === 1 && isHost(value.replace(/^[ \t]+|[ \t]+$/g, ""));
}

function isHost(value: string): boolean {
  const [, host = "", port = ""] = /^(\[.*\]|[^:[\]]+)(?::(\d*))?$/s.exec(value) ?? [];
  const isAddress = host.startsWith("[") && isIPv6(host.slice(1, -1)) && !host.includes("%");
  const isName = /^[\w.~!$&'()*+,;=-]+$/.test(host);
  return value.length <= 259 && (isAddress || isName) && Number(port) <= 65_535;
}
