/** The parts of a canonical request, in the order in which it lists them. */
export interface CanonicalParts {
  /** As on the request line. */
  method: string;
  /** The path of the gateway's URL, `/` when there is none, percent-encoded as sent. */
  path: string;
  /** From `canonicalQuery`. */
  query: string;
  /** The signed headers and their values. */
  headers: ReadonlyMap<string, string>;
}

/**
 * The canonical request up to the body. The signed body follows it byte for byte.
 *
 * @param parts method, path, query and signed headers
 * @returns lines joined by newlines; the last one is empty, because the body follows
 */
export function canonicalRequest({ method, path, query, headers }: CanonicalParts): string {
  // Most requests sign none, and their empty lists would cost more than all the rest.
  const signed = headers.size > 0 ? signedLines(headers) : "\n\n";
  return `${method}\n${path}\n${query}\n${signed}\n`;
}

/**
 * The canonical headers, which are sorted lines of `name:value`, an empty line, and the names of the headers, sorted and
 * joined by `;`.
 *
 * @param headers names in lower case, and values, which are trimmed
 */
function signedLines(headers: ReadonlyMap<string, string>): string {
  const lines = [...headers].map(([name, value]) => `${name}:${trimBlanks(value)}`);
  return `${lines.sort().join("\n")}\n\n${[...headers.keys()].sort().join(";")}`;
}

// RFC 9110, section 5.5: spaces and tabs may surround a value. String.trim removes more characters, and a
// regular expression takes quadratic time for a value with many spaces.
function trimBlanks(value: string): string {
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(value[start]!)) start++;
  while (end > start && isBlank(value[end - 1]!)) end--;
  return value.slice(start, end);
}

function isBlank(character: string): boolean {
  return " \t".includes(character);
}
