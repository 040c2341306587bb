import { namesIn, RESPONSE_CLASSES } from "../../server/headers/field_classes.ts";
import type { Random } from "../../support/random.ts";
import { mutateOften } from "./mutate.ts";
import type { Ending } from "./response_reading.ts";

/** What an upstream sends, and what it is asked with. */
export interface ResponseInput {
  method: string;
  bytes: Buffer;
  ending: Ending;
  /** Where the bytes are cut into pieces, in ascending order. */
  cuts: number[];
  /** Milliseconds between them. */
  pause: number;
}

/** Stands in the value of each header that an upstream adds. */
export const CANARY = "canary";

/** Lines of which the second ends at this hop. */
export const NOMINATED = ["Connection: X-Nominated, close", `X-Nominated: ${CANARY}`];

const NAMES = [
  ...Object.values(RESPONSE_CLASSES).flatMap(namesIn),
  ...["X-Sw-Problem", "X-Sw-Request-Id", "X-Accel-Mapping", "X-Middleware-Rewrite", "Cache-Tag"],
  ...["Cross-Origin-Anything", "Sec-Anything", "Netlify-Vary", "Permissions-Policy-Anything"],
].filter((name) => !/^(content-length|transfer-encoding|connection|content-type)$/i.test(name));

const STATUS_LINES = [
  ...Array<string>(16).fill("HTTP/1.1 200 OK"),
  ...["HTTP/1.1 204 No Content", "HTTP/1.1 304 Not Modified", "HTTP/1.1 205 Reset Content"],
  ...[
    "HTTP/1.1 404 Not Found",
    "HTTP/1.1 500 ",
    "HTTP/1.1 302 Found",
    "HTTP/1.1 401 No",
    "HTTP/1.1 599 X",
  ],
  ...[
    "HTTP/1.0 200 OK",
    "HTTP/1.1 200",
    "HTTP/2 200 OK",
    "HTTP/1.1 2x0 OK",
    "HTTP/1.1 600 X",
    "ICY 200 OK",
  ],
  ...[
    "HTTP/1.1 099 X",
    "HTTP/1.1 1000 X",
    "http/1.1 200 OK",
    "HTTP/1.1  200 OK",
    "HTTP/1.1 101 Switching",
  ],
];

const INTERIM = [
  "HTTP/1.1 100 Continue\r\n\r\n",
  "HTTP/1.1 102 Processing\r\n\r\n",
  `HTTP/1.1 103 Early Hints\r\nLink: </${CANARY}>\r\nX-Accel-Redirect: ${CANARY}\r\n\r\n`,
];

const TYPES = [
  ...[
    "text/plain",
    "application/json",
    "text/event-stream",
    "text/html",
    "",
    "text/event-stream;charset=x",
  ],
].map((type) => `Content-Type: ${type}`);

const SNIPPETS = [
  ..."\r\n:; ,\t\0\x7f\xff0Az-",
  ...[
    "\r\n\r\n",
    "\n",
    "\r",
    "\n\n",
    "\r\n ",
    "0\r\n\r\n",
    "5\r\n",
    "zz\r\n",
    "-1\r\n",
    "fffffffff\r\n",
  ],
  ...["\r\nContent-Length: 5", "\r\nContent-Length: 0", "\r\nTransfer-Encoding: chunked"],
  ...["\r\nSet-Cookie: a=canary", "\r\nX-Accel-Redirect: /canary", "HTTP/1.1 200 OK\r\n\r\n"],
  ...["\r\nConnection: X-Test", "\r\nContent-Encoding: gzip", `\r\nX-Long: ${"l".repeat(40_000)}`],
];

/** A response with an odd status line, odd headers, odd framing, an early end, or several of these. */
export function randomResponse(random: Random): ResponseInput {
  const method = random.pick(["GET", "GET", "GET", "POST", "HEAD"]);
  const text = random.below(10) < 3 ? mutated(wellMeant(random), random) : wellMeant(random);
  const whole = Buffer.from(text, "latin1");
  const isCut = random.below(5) === 0;
  const bytes = isCut ? whole.subarray(0, random.below(whole.length + 1)) : whole;
  const cuts = Array.from({ length: random.below(5) }, () => random.below(bytes.length + 1));
  // What never ends takes as long as the gateway waits for it.
  const ending = random.pick<Ending>(["fin", "fin", "fin", "reset", "open"]);
  return { method, bytes, ending, cuts: cuts.sort((a, b) => a - b), pause: random.below(15) };
}

function wellMeant(random: Random): string {
  const interim = random.below(8) ? [] : [random.pick(INTERIM), random.pick(INTERIM)];
  const [framing, wire] = framed(random);
  const lines = [...fields(random), ...framing];
  const shuffled = random.below(2) ? lines : lines.toReversed();
  const head = [random.pick(STATUS_LINES), ...shuffled, "", ""].join("\r\n");
  return interim.slice(random.below(2)).join("") + head + wire;
}

function fields(random: Random): string[] {
  const lines = Array.from({ length: random.below(7) }, () => {
    const name = random.pick(NAMES);
    const cased = random.pick([name, name.toLowerCase(), name.toUpperCase()]);
    return cased + random.pick([": ", ":", ":\t "]) + random.pick(["", "a, "]) + CANARY;
  });
  if (random.below(2)) lines.push(random.pick(TYPES));
  if (random.below(6) === 0) lines.push(...NOMINATED);
  if (random.below(6) === 0) lines.push(`WWW-Authenticate: Basic realm=${CANARY}`);
  return lines;
}

/** The lines that frame a body, rightly or not, and the bytes that follow the head. */
function framed(random: Random): [lines: string[], wire: string] {
  const size = random.pick([0, 1, 20, 300, 3000, 65_536, 65_537, 200_000]);
  const body = "data: abcdefgh\n\n".repeat(Math.ceil(size / 16)).slice(0, size);
  const length = `Content-Length: ${size}`;
  const chunks = () => encodeChunks(body, random);
  return random.pick<() => [string[], string]>([
    () => [[length], body],
    () => [[length], body],
    () => [[CHUNKED], chunks()],
    () => [[CHUNKED], chunks()],
    () => [[CHUNKED], chunks()],
    () => [[], body],
    () => [[random.pick([length, "Content-Length: 5"]), CHUNKED], chunks()],
    () => [[length, length], body],
    () => [[length, `Content-Length: ${size + 1}`], body],
    () => [[`Content-Length: ${random.pick(LENGTHS)}`], body],
    () => [[`Content-Length: ${size + 1 + random.below(70_000)}`], body],
    () => [[`Content-Length: ${random.below(size + 1)}`], body],
    () => [[`Transfer-Encoding: ${random.pick(CODINGS)}`], chunks()],
    () => [[CHUNKED], mutateOften(chunks().slice(0, 400), random, 2, SNIPPETS)],
  ])();
}

const CHUNKED = "Transfer-Encoding: chunked";
const LENGTHS = ["-1", "+5", "0x5", "5, 5", "5, 6", "", "5 5", "18446744073709551621", "1e1", "5;"];
const CODINGS = [
  "gzip, chunked",
  "chunked, chunked",
  "identity",
  "xchunked",
  "Chunked",
  "chunked;a=b",
  "gzip",
  "",
];

function encodeChunks(body: string, random: Random): string {
  let wire = "";
  const count = 1 + random.below(5);
  const step = Math.max(1, Math.ceil(body.length / count));
  for (let at = 0; at < body.length; at += step) {
    const piece = body.slice(at, at + step);
    const size = piece.length.toString(16);
    const written = random.pick([size, size, size.toUpperCase(), size.padStart(6, "0")]);
    wire += `${written}${extension(random)}\r\n${piece}\r\n`;
  }
  const trailers = random.below(4) ? "" : `X-Trailer: ${CANARY}\r\nSet-Cookie: ${CANARY}\r\n`;
  return `${wire}${random.pick(["0", "0", "000"])}${extension(random)}\r\n${trailers}\r\n`;
}

function extension(random: Random): string {
  return random.below(6)
    ? ""
    : random.pick([";a", ";a=b", ';a="b;c"', " ; a = b", ";", `;${"e".repeat(5000)}`]);
}

/** Changes the head, and the beginning of the body. */
function mutated(text: string, random: Random): string {
  return mutateOften(text.slice(0, 600), random, 3, SNIPPETS) + text.slice(600);
}
