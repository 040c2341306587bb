/**
 * Checks the type of a body before it is signed. JavaScript callers may pass anything.
 *
 * @param body a string, bytes, or `undefined` when no body is signed
 * @throws TypeError when it is neither text nor bytes
 */
export function assertBody(body: string | Uint8Array | undefined): void {
  // `instanceof` would reject bytes of another realm, such as a test runner's.
  if (body !== undefined && typeof body !== "string" && body?.BYTES_PER_ELEMENT !== 1) {
    throw new TypeError("body must be a string or bytes; use JSON.stringify");
  }
}
