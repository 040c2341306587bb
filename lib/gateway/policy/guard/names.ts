/**
 * Whether a name differs from a known one in case, `_` and `-` alone. APIs on protocol buffers read names in snake and
 * camel case, and servers in Go read them in any case.
 *
 * @param name a name that is not known itself
 * @param known the known names
 */
export function isAnotherSpelling(name: string, known: ReadonlyMap<string, unknown>): boolean {
  const folded = fold(name);
  for (const other of known.keys()) if (fold(other) === folded) return true;
  return false;
}

/**
 * The name of a tool without the day of its version: `web_search_20250305` and `web_search_2025_08_26` are
 * `web_search`.
 */
export function withoutDate(name: string): string {
  return name.replace(/_(\d{8}|\d{4}_\d{2}_\d{2})$/, "");
}

function fold(name: string): string {
  return name.replaceAll(/[_-]/g, "").toLowerCase();
}
