import { decodeForm } from "../../signing/verify.ts";

/**
 * A pattern for names of parameters, as lenient servers read them. PHP trims a name, and ends it at NUL and at a
 * bracket. Rack and the parsers of Express leave out brackets around it, and some servers keep a second `?`.
 *
 * @param names an alternation of patterns, in lower case
 */
export function parameterPattern(names: string): RegExp {
  return new RegExp(`^[\\s?[\\]]*(?:${names})\\s*(?:$|[\\0[\\]])`);
}

/**
 * A {@link parameterPattern} for all spellings of a name. PHP reads some characters as an underscore, Google's APIs read
 * a parameter with `$` before its name, too.
 *
 * @param name in any case. What follows a `[` does not count: it stands for an element of the parameter
 */
export function spellingsOf(name: string): RegExp {
  const lenient = RegExp.escape(baseOf(name)).replaceAll(/_|\\\.|\\x20|\\\[/g, "[_.[ ]");
  return parameterPattern(String.raw`\$?\.?${lenient}`);
}

function baseOf(name: string): string {
  const folded = foldName(name);
  const [base = ""] = folded.split("[");
  return base || folded;
}

/** Tells whether a name of a parameter is meant: a pattern, or what stands for many of them. */
export type NameMatcher = Pick<RegExp, "test">;

/**
 * Matches what {@link spellingsOf} any of the names would, and members of them, such as `name.member`. Its work does not grow with
 * their number.
 *
 * @param names in any case
 */
export function spellingsOfAny(names: Iterable<string>): NameMatcher {
  const bases = [...names].map(baseOf);
  const known = new Set(bases.flatMap((base) => [base, base.replace(LEADING, "")].map(canonical)));
  known.delete("");
  return {
    test(folded) {
      const [toNul = ""] = folded.split("\0");
      return [toNul, toNul.replace(LEADING, "")].some((name) => {
        const [whole = ""] = name.split(/[[\]]/);
        const [object = ""] = whole.split(".");
        // PHP reads a bracket that is not closed as an underscore.
        return [name, whole, object].some((it) => known.has(canonical(it)));
      });
    },
  };
}

// What servers ignore before a name.
const LEADING = /^[\s?[\]]*\$?\.?/;

// What servers read as an underscore is a blank here, because those at the end do not count.
function canonical(folded: string): string {
  return folded.replaceAll(/[._[]/g, " ").trimEnd();
}

// A server behind a proxy that decodes may decode again. Nobody encodes a name more often.
const MAX_ENCODINGS = 4;

/**
 * Whether the name of a parameter matches, such as a {@link parameterPattern}, or is encoded so often that nobody knows. The
 * parameter is encoded, in any case.
 */
export function isNamed(parameter: string, pattern: NameMatcher): boolean {
  let [name] = splitParameter(parameter);
  for (let encodings = 0; encodings < MAX_ENCODINGS; encodings++) {
    const before = name;
    name = decodeLeniently(before);
    if (pattern.test(foldName(name))) return true;
    if (!name.includes("%") || name === before) return false;
  }
  return true;
}

/**
 * Writes a text in the one form of all that some servers take for the same: Java's equalsIgnoreCase compares capitals
 * first, so that a dotless i is an i, and compatibility normalization makes full-width letters plain ones.
 */
function foldName(text: string): string {
  if (ASCII.test(text)) return text.toLowerCase();
  return text.normalize("NFKC").toUpperCase().toLowerCase().replaceAll(DOT_ABOVE, "");
}

const ASCII = /^[\0-\x7f]*$/;

// What is left of a capital I with a dot in lower case.
const DOT_ABOVE = "\u0307";

/**
 * Removes the parameters that match from a query. Some servers split a query at semicolons, too.
 *
 * @param query without `?`
 * @param pattern of {@link parameterPattern}
 * @returns the other parameters, byte for byte
 */
export function withoutParameters(query: string, pattern: RegExp): string {
  return filterParameters(query, (parameter) => !isNamed(parameter, pattern));
}

/**
 * Removes parameters from a query that is split at `&` and `;`.
 *
 * @param query without `?`
 * @param isKept tells it of a parameter, as it is written
 * @returns the other parameters, byte for byte
 */
export function filterParameters(query: string, isKept: (parameter: string) => boolean): string {
  const left = query.split("&").flatMap((part) => {
    const kept = part.split(";").filter(isKept);
    return kept.length > 0 ? [kept.join(";")] : [];
  });
  return left.join("&");
}

/**
 * Splits a parameter of a query at its first `=`.
 *
 * @param part what stands between two `&`
 * @returns name and value as they are written
 */
export function splitParameter(part: string): [name: string, value: string] {
  const equals = part.indexOf("=");
  return equals < 0 ? [part, ""] : [part.slice(0, equals), part.slice(equals + 1)];
}

/**
 * Decodes a name or value of a query.
 *
 * @param text as it is written
 * @returns the decoded text. Escapes that are not UTF-8 become U+FFFD, and `%u` with four digits is decoded, too, as
 *   ASP.NET does
 */
export function decodeLeniently(text: string): string {
  try {
    return decodeForm(text);
  } catch {
    return text
      .replaceAll("+", " ")
      .replace(UNICODE_ESCAPE, (_, hex: string) => String.fromCharCode(parseInt(hex, 16)))
      .replace(ESCAPES, (run) =>
        new TextDecoder().decode(Uint8Array.fromHex(run.replaceAll("%", ""))),
      );
  }
}

const UNICODE_ESCAPE = /%u([0-9a-f]{4})/gi;
const ESCAPES = /(?:%[0-9a-f]{2})+/gi;
