/**
 * Checks a body that is to be signed. JavaScript callers may pass anything.
 *
 * @throws TypeError when it is neither text nor bytes
 */
export function assertBody(body: string | Uint8Array | undefined): void {
  if (body === undefined || typeof body === "string") return;
  // `instanceof` would refuse the bytes of another realm, such as a test runner's.
  if (body?.BYTES_PER_ELEMENT === 1) return;
  throw new TypeError("body must be a string or bytes; use JSON.stringify");
}
