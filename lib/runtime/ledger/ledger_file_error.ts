/** Why the file of a ledger cannot be used. */
export type LedgerFileErrorCode = "in_use" | "read_only" | "corrupt" | "foreign" | "unusable";

const REASONS: Readonly<Record<LedgerFileErrorCode, string>> = {
  in_use: "another process uses it",
  read_only: "it cannot be written",
  corrupt: "it is corrupt; restore it or delete it, after which older counted tokens are refused",
  foreign: "it is no ledger of this version",
  unusable: "it cannot be opened",
};

/** The error for a file that the ledger cannot start with. */
export class LedgerFileError extends Error {
  override readonly name = "LedgerFileError";
  readonly code: LedgerFileErrorCode;

  /**
   * @param path of the file
   * @param code the reason
   * @param cause the error of SQLite
   */
  constructor(path: string, code: LedgerFileErrorCode, cause?: unknown) {
    const detail = sqliteCode(cause);
    super(`the ledger ${path}: ${REASONS[code]}${detail ? ` (${detail})` : ""}`, { cause });
    this.code = code;
  }
}

/**
 * Returns the code of an error of SQLite, such as `SQLITE_FULL`.
 *
 * @param error as it was caught
 * @returns the code; `undefined` for another error
 */
export function sqliteCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" && code.startsWith("SQLITE_") ? code : undefined;
}

/** Returns the reason why a file could not be opened. */
export function reasonOf(error: unknown): LedgerFileErrorCode {
  const code = sqliteCode(error) ?? "";
  if (code.startsWith("SQLITE_BUSY") || code.startsWith("SQLITE_LOCKED")) return "in_use";
  if (code.startsWith("SQLITE_READONLY")) return "read_only";
  if (code.startsWith("SQLITE_CORRUPT") || code === "SQLITE_NOTADB") return "corrupt";
  return "unusable";
}
