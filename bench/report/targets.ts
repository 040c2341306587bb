/** A limit for a measured figure. */
export interface Target {
  /** Its text in the report. */
  text: string;
  scenario: string;
  /** The title of the group. */
  group: string;
  /** The key of the quantity. */
  key: string;
  /** The name of the row. */
  row: string;
  /** The divisor: another row, or the same row of another group. Default: none. */
  by?: { row: string } | { group: string };
  /** What is taken off: the same row of another group. Default: nothing. */
  less?: { group: string };
  atMost?: number;
  atLeast?: number;
}

const SMALL = { scenario: "small_get", group: "32 connections, no access log", key: "cpu" };
const LOGGED = { ...SMALL, group: "32 connections, each with its access log, to a file" };
const STREAMS = [
  "1,000 streams, 1 event/s each",
  "5,000 streams, 1 event/s each",
  "1,000 streams, 15 events/s each",
];
const NGINX = { row: "nginx, plain proxy" };
const READING = { row: "bare Bun, bodies read" };

const DELAYS: readonly [key: string, text: string, atMost: number][] = [
  ["p50", "Added to an event's delay, median", 0.6],
  ["p99", "Added to an event's delay, 99 of 100", 5],
  ["firstP50", "Added to the first event, median", 0.6],
  ["firstP99", "Added to the first event, 99 of 100", 5],
];

/** All of them, in the order of the report. */
export const TARGETS: readonly Target[] = [
  {
    ...SMALL,
    text: "CPU of a small signed GET ÷ nginx with njs",
    row: "Signway",
    by: { row: "nginx with njs" },
    atMost: 1,
  },
  {
    ...SMALL,
    text: "CPU of a small signed GET ÷ native operations alone",
    row: "Signway",
    by: { row: "native operations alone" },
    atMost: 1.25,
  },
  {
    ...LOGGED,
    text: "µs of CPU that the access log takes of a small signed GET",
    row: "Signway",
    less: { group: SMALL.group },
    atMost: 5,
  },
  {
    ...SMALL,
    text: "CPU of a small signed GET ÷ bare Bun pass-through",
    row: "Signway",
    by: { row: "bare Bun pass-through" },
    atMost: 1.35,
  },
  {
    ...SMALL,
    text: "CPU of a small signed GET ÷ nginx, plain proxy",
    row: "Signway",
    by: NGINX,
    atMost: 2.6,
  },
  {
    scenario: "tokens",
    group: "32 connections, no access log",
    key: "cpu",
    text: "CPU of a GET with an access token ÷ with a signed URL",
    row: "Signway, access tokens",
    by: { row: "Signway, signed URLs" },
    atMost: 1.15,
  },
  {
    scenario: "telemetry",
    group: "more than without, 32 connections, no access log",
    key: "cpu",
    text: "CPU that metrics and OTLP with 10 % of the traces add to a small signed GET, in µs",
    row: "metrics, and OTLP with 10 % of the traces",
    atMost: 8,
  },
  {
    scenario: "policies",
    group: "2 kB",
    key: "cpu",
    text: "CPU that a guarded chat request of 2 kB takes more, in µs",
    row: "guarded: one model, a cap of output tokens",
    atMost: 25,
  },
  {
    scenario: "policies",
    group: "100 kB",
    key: "cpu",
    text: "the same of 100 kB ÷ `JSON.parse` of its bytes",
    row: "guarded: one model, a cap of output tokens",
    by: { row: "`JSON.parse` of the body, as bytes" },
    atMost: 2.5,
  },
  ...STREAMS.flatMap((group) => [
    {
      scenario: "streams",
      group,
      key: "cpu",
      text: `CPU of an event (${group}) ÷ nginx`,
      row: "Signway",
      by: NGINX,
      atMost: 1.1,
    },
    {
      scenario: "streams",
      group,
      key: "cpu",
      text: `CPU of an event (${group}) ÷ bare Bun, bodies read`,
      row: "Signway",
      by: READING,
      atMost: 1.1,
    },
    {
      scenario: "streams",
      group,
      key: "memory",
      text: `Memory of a stream (${group}) ÷ nginx`,
      row: "Signway",
      by: NGINX,
      atMost: 1,
    },
    {
      scenario: "streams",
      group,
      key: "memory",
      text: `Memory of a stream (${group}) ÷ bare Bun, bodies read`,
      row: "Signway",
      by: READING,
      atMost: 1.05,
    },
  ]),
  ...["200 streams, 50 events/s each", "2,000 streams, 5 events/s each"].flatMap((group) =>
    DELAYS.map(([key, text, atMost]) => ({
      scenario: "streams",
      group,
      key,
      text: `${text} (${group}), in ms`,
      row: "Signway",
      atMost,
    })),
  ),
  {
    scenario: "sockets",
    group: "1,000 WebSockets, an echo a second each",
    key: "cpu",
    text: "CPU of an echo over a WebSocket ÷ nginx",
    row: "Signway",
    by: NGINX,
    atMost: 1.8,
  },
  {
    scenario: "sockets",
    group: "1,000 WebSockets, an echo a second each",
    key: "cpu",
    text: "CPU of an echo over a WebSocket ÷ bare Bun pass-through",
    row: "Signway",
    by: { row: "bare Bun pass-through" },
    atMost: 1.3,
  },
  {
    scenario: "big_bodies",
    group: "download",
    key: "cpu",
    text: "CPU of a download of 1 GB ÷ nginx",
    row: "Signway",
    by: NGINX,
    atMost: 1.1,
  },
  {
    scenario: "big_bodies",
    group: "upload",
    key: "cpu",
    text: "CPU of an upload of 1 GB ÷ nginx",
    row: "Signway",
    by: NGINX,
    atMost: 1,
  },
  {
    scenario: "llm",
    group: "32 connections",
    key: "rate",
    text: "Chat completions a second ÷ Portkey's gateway",
    row: "Signway",
    by: { row: "Portkey's gateway" },
    atLeast: 20,
  },
  {
    scenario: "workers",
    group: "64 connections",
    key: "share",
    text: "Share of the idler of two workers, in %",
    row: "Signway, 2 workers",
    atLeast: 25,
  },
  {
    scenario: "workers",
    group: "64 connections",
    key: "rate",
    text: "Requests a second of two workers ÷ one",
    row: "Signway, 2 workers",
    by: { row: "Signway, 1 worker" },
    atLeast: 1,
  },
  ...["one process", "two workers"].map((group) => ({
    scenario: "admin",
    group,
    key: "more",
    text: `CPU that the admin API takes more (${group}), in µs`,
    row: "Signway, metrics and the admin API",
    atMost: 3,
  })),
  {
    scenario: "https_upstream",
    group: "HTTP/1.1, 256 connections",
    key: "cpu",
    text: "CPU of a GET to an https upstream over HTTP/1.1, 256 connections ÷ 32",
    row: "Signway",
    by: { group: "HTTP/1.1, 32 connections" },
    atMost: 1.25,
  },
  {
    scenario: "start",
    group: "idle",
    key: "first",
    text: "ms from the start of the binary to the first answer",
    row: "Signway",
    atMost: 100,
  },
  {
    scenario: "start",
    group: "idle",
    key: "rss",
    text: "MiB of resident memory when idle",
    row: "Signway",
    atMost: 50,
  },
  {
    scenario: "growth_apps",
    group: "10,000 apps",
    key: "cpu",
    text: "CPU of a small signed GET with 10,000 apps ÷ with one",
    row: "Signway",
    by: { group: "1 app" },
    atMost: 1.05,
  },
  {
    scenario: "growth_connections",
    group: "10,000 idle connections",
    key: "cpu",
    text: "CPU of a small signed GET beside 10,000 idle connections ÷ beside one",
    row: "Signway",
    by: { group: "1 idle connection" },
    atMost: 1.05,
  },
  {
    scenario: "ledger",
    group: "a reservation and its settlement",
    key: "cpu",
    text: "µs of CPU to reserve and settle in memory",
    row: "memory, 1 counter",
    atMost: 3,
  },
  {
    scenario: "ledger",
    group: "a reservation and its settlement",
    key: "cpu",
    text: "µs of CPU to reserve and settle in SQLite, 32 at once",
    row: "SQLite, 1 counter, 32 at once",
    atMost: 10,
  },
  {
    scenario: "ledger_redis",
    group: "a reservation and its settlement",
    key: "gateway",
    text: "µs of a gateway's CPU to reserve and settle in Redis, 32 at once",
    row: "1 counter, 32 at once",
    atMost: 20,
  },
  {
    scenario: "ledger_redis",
    group: "a reservation and its settlement",
    key: "core",
    text: "Reservations with settlement a second of one core of Redis, 9 counters, 32 at once",
    row: "9 counters, 32 at once",
    atLeast: 10_000,
  },
  {
    scenario: "growth_ledger",
    group: "1,000,000 tokens",
    key: "stall",
    text: "The longest stall while the ledger grows to 1,000,000 tokens, in ms",
    row: "the ledger in memory",
    atMost: 15,
  },
];
