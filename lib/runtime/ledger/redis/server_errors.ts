// Errors with which a server refuses a command before it has executed any of it.
const REFUSALS: ReadonlySet<string> = new Set([
  ...["OOM", "READONLY", "MOVED", "ASK", "TRYAGAIN", "CLUSTERDOWN", "CROSSSLOT", "LOADING", "BUSY"],
  ...["MASTERDOWN", "NOREPLICAS", "MISCONF", "NOAUTH", "NOPERM", "NOSCRIPT"],
]);

// Errors that a command inside of a script gave name the script.
const IN_SCRIPT = / script: [0-9a-f]{40}/;

/**
 * Returns the message of an error, of which the first word is the code when a server has answered with it.
 *
 * @param error as it was caught
 */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

/**
 * Whether a server has executed nothing of a command.
 *
 * @param message of its error
 */
export function isNotExecuted(message: string): boolean {
  return REFUSALS.has(message.split(" ", 1)[0]!) && !IN_SCRIPT.test(message);
}

/**
 * Whether another server may have what was asked for.
 *
 * @param message of the error of a server
 */
export function isElsewhere(message: string): boolean {
  return /^(READONLY|MOVED|ASK|CLUSTERDOWN|MASTERDOWN|LOADING)\b/.test(message);
}

/**
 * Returns the code of a server's error, such as `NOPERM`. The rest of its text may have names of keys.
 *
 * @param message of the error
 * @returns `undefined` when no server has answered with it
 */
export function serverErrorCode(message: string): string | undefined {
  return /^[A-Z]{3,}(?= )/.exec(message)?.[0];
}
