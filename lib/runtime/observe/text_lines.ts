import { printable } from "../../gateway/record/printable.ts";

/** Receives lines of the log, each with its newline. */
export interface LineSink {
  write: (line: string) => void;
}

/** How lines are written for a terminal. */
export interface TextOptions {
  /** Whether lines have colours, by ANSI escape sequences. */
  hasColors: boolean;
}

type Fields = Readonly<Record<string, unknown>>;

const COLORS = { gray: 90, red: 31, green: 32, yellow: 33, cyan: 36, bold: 1 } as const;

/** The fields that a line of a request shows in a form of its own. */
const OF_REQUEST = new Set([
  ...[
    "level",
    "time",
    "msg",
    "method",
    "status",
    "upstream",
    "duration_ms",
    "ttfb_ms",
    "verify_ms",
  ],
  ...["bytes_in", "bytes_out", "outcome", "secret", "request_id", "app", "code", "reason"],
]);
const OF_OTHERS = new Set(["level", "time", "msg"]);

/**
 * Writes the log for people: a line for each exchange, and for each other event.
 *
 * @param sink receives the lines
 * @param options the colours
 * @returns receives lines of JSON
 */
export function textLines(sink: LineSink, { hasColors }: TextOptions): LineSink {
  const paint: Paint = (color, text) =>
    hasColors ? `\u001b[${COLORS[color]}m${text}\u001b[0m` : text;
  return {
    write(line) {
      const fields = JSON.parse(line) as Fields;
      const describe = fields["msg"] === "request" ? describeRequest : describeEvent;
      sink.write(`${paint("gray", clock(fields["time"]))} ${describe(fields, paint)}\n`);
    },
  };
}

type Paint = (color: keyof typeof COLORS, text: string) => string;

function describeRequest(fields: Fields, paint: Paint): string {
  const { status, method, upstream, app, outcome, code, reason } = fields;
  const { duration_ms: duration, bytes_out: bytes, request_id: id } = fields;
  const isFine = outcome === "complete" || outcome === "preflight";
  const why = [isFine ? "" : textOf(outcome), textOf(code), textOf(reason)]
    .filter(Boolean)
    .join(": ");
  const parts = [
    paint(colorOf(Number(status), isFine), String(status).padStart(3)),
    paint("bold", textOf(method).padEnd(4)),
    upstream === undefined ? (outcome === "preflight" ? "preflight" : "–") : textOf(upstream),
    paint("gray", spanOf(Number(duration))),
    ...(bytes === undefined ? [] : [paint("gray", sizeOf(Number(bytes)))]),
    ...(app === undefined ? [] : [paint("cyan", textOf(app))]),
    ...(why === "" ? [] : [paint(colorOf(Number(status), isFine), why)]),
    ...restOf(fields, OF_REQUEST, paint),
    // With its id, a failure can be looked up elsewhere.
    ...(isFine ? [] : [paint("gray", textOf(id))]),
  ];
  return parts.join("  ");
}

function describeEvent(fields: Fields, paint: Paint): string {
  const level = textOf(fields["level"]);
  const color = level === "info" ? "green" : level === "warn" ? "yellow" : "red";
  const parts = [paint(color, level.padEnd(5)), paint("bold", textOf(fields["msg"]))];
  return [...parts, ...restOf(fields, OF_OTHERS, paint)].join("  ");
}

function restOf(fields: Fields, known: ReadonlySet<string>, paint: Paint): string[] {
  return Object.entries(fields)
    .filter(([name]) => !known.has(name))
    .map(([name, value]) => `${paint("gray", `${name}=`)}${textOf(value)}`);
}

function colorOf(status: number, isFine: boolean): keyof typeof COLORS {
  if (status >= 500) return "red";
  return isFine && status < 400 ? "green" : "yellow";
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  return printable(typeof value === "string" ? value : JSON.stringify(value));
}

function clock(time: unknown): string {
  return textOf(time).slice(11, 19);
}

function spanOf(ms: number): string {
  if (ms < 1000) return `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`;
  return `${(ms / 1000).toFixed(1)} s`;
}

function sizeOf(bytes: number): string {
  if (bytes < 1000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${(bytes / 1000).toFixed(1)} kB`;
  return `${(bytes / 1_000_000).toFixed(1)} MB`;
}
