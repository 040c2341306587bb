const MAX_LENGTH = 200;

/**
 * A JSON Pointer for the client. It holds names of the body, which may be long.
 *
 * @param pointer of a value (RFC 6901)
 */
export function paramOf(pointer: string): string {
  return pointer.length <= MAX_LENGTH ? pointer : `${pointer.slice(0, MAX_LENGTH)}\u2026`;
}
