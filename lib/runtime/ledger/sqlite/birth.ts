/** The facts that the file of a ledger has about itself. */
export interface FileRecord {
  /** When the ledger was born, in milliseconds since the epoch. */
  born: number;
  /** The boot of the machine in which it was last used. Absent: unknown. */
  boot?: string;
  /** Whether it was closed by its process. */
  isClean: boolean;
  /** The inode of the file in which this was written. */
  inode: number;
  /** When the file was last known to be written, in milliseconds since the epoch, by the machine's clock. */
  touchedAt: number;
}

/** The state of the file when it is opened. */
export interface FileState {
  boot: string | undefined;
  inode: number;
  /** When its content or its attributes changed, in milliseconds since the epoch. */
  changedAt: number;
}

// The file is written up to 5 s after the time that it records, and longer by a slow disk.
const LATE_MS = 10_000;

/**
 * Whether a file may have lost what was written to it, so that the ledger has to be born again: after an unclean
 * end in another boot of the machine, because the disk may lack the last writes, and after the file was restored or
 * copied.
 *
 * @param record what the file tells
 * @param state what is found
 */
export function mayHaveForgotten(
  record: FileRecord,
  { boot, inode, changedAt }: FileState,
): boolean {
  const isSameBoot = boot !== undefined && boot === record.boot;
  if (!record.isClean && !isSameBoot) return true;
  return inode !== record.inode || changedAt > record.touchedAt + LATE_MS;
}
