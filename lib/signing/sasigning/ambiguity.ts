import type { HeaderScheme } from "./sign_request.ts";

// Their values are of a short list, in which none begins or ends another.
const CLOSED: ReadonlySet<string> = new Set(["method", "REQUEST_METHOD"]);
// `http` begins `https`; only what begins with a slash, or a method, shows where it ends.
const SHOWS_END_OF_SCHEME: ReadonlySet<string> = new Set([
  ...CLOSED,
  "path",
  "path_info",
  "PATH_INFO",
]);

/**
 * Finds the signed fields whose values run into one another: without a delimiter, what is moved from the
 * end of one to the beginning of another leaves the signature as it was.
 *
 * @param scheme fields and delimiter
 * @returns the names of the fields, at least two of them, or none
 */
export function touchingFields({
  fields = ["path", "method"],
  delimiter = "",
}: Pick<HeaderScheme, "fields" | "delimiter">): string[] {
  if (delimiter !== "") return [];
  const free = fields.filter((name, i) => isFree(name, fields[i + 1]));
  return new Set(free).size > 1 ? free : [];
}

function isFree(name: string, next: string | undefined): boolean {
  if (name !== "scheme") return !CLOSED.has(name);
  return next !== undefined && !SHOWS_END_OF_SCHEME.has(next);
}

// The characters that a field's value may hold. A field without an entry may hold any printable character.
const CHARACTERS: Readonly<Record<string, RegExp>> = {
  scheme: /^[htps]+$/,
  QUERY_STRING: /^[!-~]+$/,
  REMOTE_ADDR: /^[\da-f.:]+$/,
  SERVER_NAME: /^[\w.:[\]-]+$/i,
  CONTENT_LENGTH: /^\d+$/,
};
const PRINTABLE = /^\P{Cc}+$/u;

/**
 * Finds the signed fields in which a request may well hold the delimiter; it is then refused.
 *
 * @param scheme fields and delimiter
 */
export function fieldsWithDelimiter({
  fields = ["path", "method"],
  delimiter = "",
}: Pick<HeaderScheme, "fields" | "delimiter">): string[] {
  return fields.filter(
    (name) =>
      name !== "body" && !CLOSED.has(name) && (CHARACTERS[name] ?? PRINTABLE).test(delimiter),
  );
}
