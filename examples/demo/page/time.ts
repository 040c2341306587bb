/** The time since a moment of `performance.now()`, in words. */
export function formatTimeSince(start: number): string {
  const ms = performance.now() - start;
  // No line ends between a number and its unit.
  return ms < 1000 ? `${Math.round(ms)}\u00a0ms` : `${(ms / 1000).toFixed(1)}\u00a0s`;
}

/** The time of the day of an expiry, and how far away it is: `16:40:12, in 4 min 58 s`. */
export function formatExpiry(expiresAt: Date, now = new Date()): string {
  const time = expiresAt.toLocaleTimeString("en", { hourCycle: "h23" });
  const seconds = Math.ceil((expiresAt.getTime() - now.getTime()) / 1000);
  return seconds > 0 ? `${time}, in ${formatDuration(seconds)}` : `${time}, expired`;
}

/** Waits, unless the signal is aborted. */
export function wait(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(resolve, ms);
    signal.addEventListener("abort", () => {
      clearTimeout(timer);
      reject(signal.reason);
    });
  });
}

function formatDuration(seconds: number): string {
  const parts = [
    [Math.floor(seconds / 3600), "h"],
    [Math.floor(seconds / 60) % 60, "min"],
    [seconds % 60, "s"],
  ] as const;
  return parts.flatMap(([count, unit]) => (count > 0 ? [`${count} ${unit}`] : [])).join(" ");
}
