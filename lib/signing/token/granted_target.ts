/** Targets that a token may call. */
export interface GrantedTarget {
  /** The methods, in upper case; `GET` does not include `HEAD`. Absent: all. */
  methods?: readonly string[];
  /** Scheme, host and port as the WHATWG URL parser writes them: in lower case, without the default port. */
  origin: string;
  /** Begins with `/`. One that ends in `/` is a prefix; any other is the whole path. */
  path: string;
}

// Only short hosts: a URL parser may take quadratic time for them.
const GRANTED_TARGET = /^(?:([A-Z]+(?:,[A-Z]+)*) )?(https?:\/\/[\w.:[\]-]{1,259})(\/[^\s?#\\]*)?$/;

/**
 * Parses an entry of `to`: `URL` or `METHODS URL`, without user, query and fragment.
 *
 * @param text any text
 * @returns the targets, or `undefined` when the text has another form, or a path that the WHATWG URL parser
 *   would change, such as one with dot segments
 */
export function parseGrantedTarget(text: string): GrantedTarget | undefined {
  const [, methods, written = "", path = "/"] = GRANTED_TARGET.exec(text) ?? [];
  const url = parseUrl(written + path);
  if (!url) return undefined;
  // The parser changes nothing in most entries, and its parts take time.
  const isUsual = url.href === written + path;
  if (!isUsual && url.pathname !== path) return undefined;
  const origin = isUsual ? written : url.origin;
  return methods === undefined ? { origin, path } : { methods: methods.split(","), origin, path };
}

/** Node 20 has no `URL.parse`, and `URL.canParse` before the constructor would parse twice. */
function parseUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
