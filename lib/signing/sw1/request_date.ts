const BASIC_FORMAT = /^\d{8}T\d{6}Z$/;

/**
 * Parses `YYYYMMDDTHHMMSSZ`, the basic format of ISO 8601 in UTC.
 *
 * @param text the value of `X-Sw-Date`
 * @returns milliseconds since the epoch, or `undefined` when the text is not a valid time in this format
 */
export function parseRequestDate(text: string): number | undefined {
  if (!BASIC_FORMAT.test(text)) return undefined;
  const year = 100 * twoDigits(text, 0) + twoDigits(text, 2);
  const month = twoDigits(text, 4);
  const day = twoDigits(text, 6);
  const hour = twoDigits(text, 9);
  const minute = twoDigits(text, 11);
  const second = twoDigits(text, 13);
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  const date = new Date(Date.UTC(year, month - 1, day, hour, minute, second));
  // Date.UTC reads the 31st of February as the 3rd of March, and the year 26 as 1926.
  const exists = date.getUTCDate() === day && date.getUTCMonth() === month - 1;
  return exists && date.getUTCFullYear() === year ? date.getTime() : undefined;
}

function twoDigits(text: string, index: number): number {
  return 10 * (text.charCodeAt(index) - 0x30) + text.charCodeAt(index + 1) - 0x30;
}

/**
 * Formats a time as `YYYYMMDDTHHMMSSZ`, in UTC, without the fraction of a second.
 *
 * @throws RangeError when the date is invalid, or its year does not have four digits
 */
export function formatRequestDate(date: Date): string {
  const text = date.toISOString().replace(/[-:]|\.\d+/g, "");
  // The text of another year begins with a sign.
  if (!BASIC_FORMAT.test(text)) throw new RangeError("the year must have four digits");
  return text;
}
