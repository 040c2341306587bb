/** The most bytes of an error that is read. */
export const MAX_ERROR = 65_536;

// A proxy in front of the API answers with these when it does not know what became of the request.
const OF_PROXIES: readonly number[] = [408, 499, 504];

/** Whether an API that answers with a status may have done nothing that it bills. */
export function mayBeUnbilled(status: number): boolean {
  return status >= 400 && !OF_PROXIES.includes(status);
}

/**
 * Whether a body is an error in an API's own form, and not one of a proxy in front of it: a JSON object with `error`.
 * Where Gemini streams a JSON array, the object is its only element.
 *
 * @param body the whole body
 */
export function isOwnError(body: Uint8Array): boolean {
  try {
    const document: unknown = JSON.parse(new TextDecoder().decode(body));
    const [only, ...others] = Array.isArray(document) ? document : [document];
    return others.length === 0 && hasError(only);
  } catch {
    return false;
  }
}

function hasError(document: unknown): boolean {
  if (typeof document !== "object" || document === null) return false;
  return "error" in document && document.error !== null;
}
