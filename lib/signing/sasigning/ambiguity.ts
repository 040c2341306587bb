import type { HeaderScheme } from "./sign_request.ts";

// Fields with few values, none of which is a prefix or suffix of another.
const CLOSED: ReadonlySet<string> = new Set(["method", "REQUEST_METHOD"]);
// `http` is a prefix of `https`. Only a path or a method after it shows where the scheme ends.
const SHOWS_END_OF_SCHEME: ReadonlySet<string> = new Set([
  ...CLOSED,
  "path",
  "path_info",
  "PATH_INFO",
]);

/**
 * Finds the signed fields whose values have no visible boundary. Without a delimiter, characters can be
 * moved from the end of one value to the start of another without a change of the signature.
 *
 * @param scheme the signed fields and the delimiter, with the defaults of {@link HeaderScheme}
 * @returns the names of at least two fields, or an empty list
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

// The characters that the value of a field may contain. Other fields may contain any printable character.
const CHARACTERS: Readonly<Record<string, RegExp>> = {
  scheme: /^[htps]+$/,
  QUERY_STRING: /^[!-~]+$/,
  REMOTE_ADDR: /^[\da-f.:]+$/,
  SERVER_NAME: /^[\w.:[\]-]+$/i,
  CONTENT_LENGTH: /^\d+$/,
};
const PRINTABLE = /^\P{Cc}+$/u;

/**
 * Finds the signed fields whose values may contain the delimiter. A request in which one does is refused.
 *
 * @param scheme the signed fields and the delimiter, with the defaults of {@link HeaderScheme}
 * @returns the names of the fields; `body` is never among them
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
