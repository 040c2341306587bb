const FORM = /^\d{8}T\d{6}Z$/;

/**
 * Reads `YYYYMMDDTHHMMSSZ`, ISO 8601's basic format in UTC.
 *
 * @param text the value of `X-Sw-Date`
 * @returns milliseconds since the epoch, or `undefined` when it is not a moment of the calendar
 */
export function parseRequestDate(text: string): number | undefined {
  if (!FORM.test(text)) return undefined;
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 4);
  const day = twoDigits(text, 6);
  const hour = twoDigits(text, 9);
  const minute = twoDigits(text, 11);
  const second = twoDigits(text, 13);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC takes the 31st of February for the 3rd of March, and the year 26 for 1926.
  const exists = date.getUTCDate() === day && date.getUTCMonth() === month - 1;
  return exists && date.getUTCFullYear() === year ? date.getTime() : undefined;
}

function twoDigits(text: string, at: number): number {
  return 10 * (text.charCodeAt(at) - 0x30) + text.charCodeAt(at + 1) - 0x30;
}

/** Writes a moment as `YYYYMMDDTHHMMSSZ`; fractions of a second are dropped. */
export function formatRequestDate(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:]/g, "") + "Z";
}
