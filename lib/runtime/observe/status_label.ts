// The registry of https://www.iana.org/assignments/http-status-codes, and what Anthropic (529) and Cloudflare (520 to 530) send.
const KNOWN: ReadonlySet<number> = new Set([
  ...[100, 101, 102, 103, 104],
  ...[200, 201, 202, 203, 204, 205, 206, 207, 208, 226],
  ...[300, 301, 302, 303, 304, 305, 307, 308],
  ...[400, 401, 402, 403, 404, 405, 406, 407, 408, 409, 410, 411, 412, 413, 414, 415, 416, 417],
  ...[421, 422, 423, 424, 425, 426, 428, 429, 431, 451],
  ...[500, 501, 502, 503, 504, 505, 506, 507, 508, 510, 511],
  ...[520, 521, 522, 523, 524, 525, 526, 529, 530],
]);

/**
 * Returns a status as metrics have it. An upstream may choose any number, and each would be a label for ever. So a status
 * that is not known counts as the first one of its class (RFC 9110, section 15).
 *
 * @param status of a response
 * @returns the status, or its class times 100
 */
export function knownStatus(status: number): number {
  return KNOWN.has(status) ? status : status - (status % 100);
}

/**
 * Returns a status as a label.
 *
 * @param status of a response; 0: there was none
 * @returns such as `404`, or `4xx` when it is not known
 */
export function statusLabel(status: number): string {
  return status === 0 || KNOWN.has(status) ? String(status) : `${Math.floor(status / 100)}xx`;
}
