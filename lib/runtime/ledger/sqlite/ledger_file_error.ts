/** Why the file of a ledger cannot be used. */
export type LedgerFileErrorCode =
  "in_use" | "read_only" | "corrupt" | "foreign" | "no_folder" | "unusable";

const REASONS: Readonly<Record<LedgerFileErrorCode, string>> = {
  in_use: "another process uses it",
  read_only: "it cannot be written; make it and its folder writable",
  corrupt: "it is corrupt; restore it or delete it, after which older counted tokens are refused",
  foreign: "it is no ledger of this version; give another path",
  no_folder: "its folder does not exist; create it for the gateway's user, or give another path",
  unusable: "it cannot be opened",
};

/** The error for a file that the ledger cannot start with. */
export class LedgerFileError extends Error {
  override readonly name = "LedgerFileError";
  readonly code: LedgerFileErrorCode;

  /**
   * @param path of the file
   * @param code the reason
   * @param cause the error of SQLite or of the system
   */
  constructor(path: string, code: LedgerFileErrorCode, cause?: unknown) {
    const detail = errorCode(cause);
    super(`the ledger ${path}: ${REASONS[code]}${detail ? ` (${detail})` : ""}`, { cause });
    this.code = code;
  }
}

/**
 * Returns the code of an error of SQLite or of the system, such as `SQLITE_FULL` or `EROFS`.
 *
 * @param error as it was caught
 * @returns the code; `undefined` for another error
 */
export function errorCode(error: unknown): string | undefined {
  const code = (error as { code?: unknown } | undefined)?.code;
  return typeof code === "string" ? code : undefined;
}

/** Returns the reason why a file could not be opened. */
export function reasonOf(error: unknown): LedgerFileErrorCode {
  const code = errorCode(error) ?? "";
  if (/^SQLITE_(BUSY|LOCKED)/.test(code)) return "in_use";
  if (/^(SQLITE_READONLY|EROFS$|EACCES$|EPERM$)/.test(code)) return "read_only";
  if (/^SQLITE_(CORRUPT|NOTADB)/.test(code)) return "corrupt";
  return code === "ENOENT" ? "no_folder" : "unusable";
}
