import type { Logger } from "./log.ts";

/**
 * Logs an unexpected error.
 *
 * @param log the log
 * @param error the value that was thrown
 * @param requestId the id of the request that failed
 */
export function logFailure(log: Logger, error: unknown, requestId: string): void {
  log.error({ request_id: requestId, error: nameAndLocation(error) }, "internal error");
}

// The message of the error is not logged, because it may quote a secret.
function nameAndLocation(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  const location = error.stack?.split("\n").find((line) => /^\s*at /.test(line)) ?? "";
  return `${error.name} ${location.trim()}`.trim();
}
