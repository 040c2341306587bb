/**
 * Writes a time as RFC 3339, in UTC.
 *
 * @param time in milliseconds since the epoch
 */
export function moment(time: number): string {
  return new Date(time).toISOString();
}
