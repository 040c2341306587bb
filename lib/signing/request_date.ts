const FORM = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/;

/**
 * Reads `YYYYMMDDTHHMMSSZ`, ISO 8601's basic format in UTC.
 *
 * @param text the value of `X-Sw-Date`
 * @returns milliseconds since the epoch, or `undefined` when it is not a moment of the calendar
 */
export function parseRequestDate(text: string): number | undefined {
  const fields = FORM.exec(text);
  if (!fields) return undefined;
  const [year, month, day, hour, minute, second] = fields.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const time = Date.UTC(year, month - 1, day, hour, minute, second);
  // Date.UTC rolls the 31st of February over into March; a moment that exists survives the way back.
  return formatRequestDate(new Date(time)) === text ? time : undefined;
}

/** Writes a moment as `YYYYMMDDTHHMMSSZ`; fractions of a second are dropped. */
export function formatRequestDate(date: Date): string {
  return date.toISOString().slice(0, 19).replace(/[-:]/g, "") + "Z";
}
