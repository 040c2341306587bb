/** The names and indices that lead to a value. */
export type JsonPath = readonly (string | number)[];

/**
 * Writes a path as a JSON Pointer (RFC 6901).
 *
 * @param path the empty one leads to the whole document
 */
export function formatPointer(path: JsonPath): string {
  return path.map((step) => `/${escapeStep(String(step))}`).join("");
}

/**
 * Escapes a name for a JSON Pointer (RFC 6901, section 3).
 *
 * @param step a name, or an index in decimal digits
 */
export function escapeStep(step: string): string {
  return step.replaceAll("~", "~0").replaceAll("/", "~1");
}

/**
 * Reads a JSON Pointer.
 *
 * @param pointer in the form of RFC 6901, section 3; this is not checked
 * @returns the names and indices, none of them escaped
 */
export function parsePointer(pointer: string): string[] {
  const steps = pointer.split("/").slice(1);
  return steps.map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
}
