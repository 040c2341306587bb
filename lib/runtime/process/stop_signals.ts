/** The exit codes of a process that a signal ended at once: 128 plus the number of the signal. */
export const EXIT_CODES = { SIGINT: 130, SIGTERM: 143 } as const;

/** A signal that asks a process to stop. */
export type StopSignal = keyof typeof EXIT_CODES;

/**
 * Calls a function at each SIGINT and SIGTERM. The signals then no longer end the process by themselves.
 *
 * @param listener called with the name of the signal
 */
export function onStopSignal(listener: (signal: StopSignal) => void): void {
  process.on("SIGINT", listener);
  process.on("SIGTERM", listener);
}

/**
 * Ignores SIGUSR1 and SIGUSR2, which would otherwise end the process at once, without a drain.
 */
export function ignoreUserSignals(): void {
  for (const signal of ["SIGUSR1", "SIGUSR2"] as const) process.on(signal, () => {});
}
