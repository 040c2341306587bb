import { noUsage, type Usage, USAGE_KEYS } from "./usage.ts";
import { type UsageRow, UsageRows } from "./usage_rows.ts";
import type { Period } from "./usage_windows.ts";

/** The tables that a gateway tells the others of. End users are too many. */
const NOTED_TABLES = ["apps", "models"] as const;

/** One of the tables in the ledger. */
export type NotedTable = (typeof NOTED_TABLES)[number];

/** The usage of a gateway in a period. */
export type Noted = Readonly<Record<NotedTable, readonly UsageRow[]>>;

type PackedRow = readonly [name: string, ...numbers: number[]];

// The largest; what is beyond is counted under one row. About 60 bytes each.
const MOST_ROWS = 1_000;

/**
 * The name of a period in the store.
 *
 * @param period the kind of period
 * @param from when it began, in milliseconds since the epoch
 */
export function periodName(period: Period, from: number): string {
  return `${period}:${from}`;
}

/**
 * Writes what a gateway did in a period.
 *
 * @param noted its tables
 */
export function noteOf(noted: Noted): string {
  const tables = NOTED_TABLES.map((table) => [table, largest(noted[table]).map(packed)]);
  return JSON.stringify(Object.fromEntries(tables));
}

/**
 * Reads what a gateway did in a period.
 *
 * @param text as {@link noteOf} wrote it. What another version may have written is left out.
 */
export function notedIn(text: string): Noted {
  const tables = tablesOf(text);
  const rowsOf = (table: NotedTable) => {
    const rows = tables[table];
    return Array.isArray(rows) ? rows.filter(isPacked).map(unpacked) : [];
  };
  return { apps: rowsOf("apps"), models: rowsOf("models") };
}

function largest(rows: readonly UsageRow[]): UsageRow[] {
  const kept = new UsageRows(MOST_ROWS);
  for (const row of rows.toSorted((one, other) => other.requests - one.requests)) {
    kept.add(row.names, row);
  }
  return kept.all;
}

function packed({ names, ...usage }: UsageRow): PackedRow {
  return [names[0] ?? "", ...USAGE_KEYS.map((key) => usage[key])];
}

function tablesOf(text: string): Partial<Record<string, unknown>> {
  try {
    return Object(JSON.parse(text)) as Partial<Record<string, unknown>>;
  } catch {
    return {};
  }
}

function isPacked(row: unknown): row is PackedRow {
  if (!Array.isArray(row)) return false;
  const [name, ...numbers] = row as unknown[];
  const areNumbers = numbers.every((it) => Number.isFinite(it) && (it as number) >= 0);
  return typeof name === "string" && numbers.length === USAGE_KEYS.length && areNumbers;
}

function unpacked([name, ...numbers]: PackedRow): UsageRow {
  const usage: Usage = noUsage();
  for (const [i, key] of USAGE_KEYS.entries()) usage[key] = numbers[i]!;
  return { names: [name], ...usage };
}
