import type { JsonValue } from "../primitives/json_value.ts";
import { malformed } from "./token_error.ts";

/** The form of the entries of a list. */
export interface EntryForm<Entry> {
  /** Follows "has an entry that is" in an error, such as `no origin`. */
  mistake: string;
  /** Parses an entry; `undefined` when it has another form. */
  parse: (text: string) => Entry | undefined;
}

/**
 * Parses a list of texts in the claim `sw`.
 *
 * @param name of the key
 * @param value of the key
 * @param form of the entries
 * @throws TokenError `token_malformed` when it is no list, an empty one, or has an entry of another form
 */
export function parsePermitList<Entry>(
  name: string,
  value: JsonValue,
  { mistake, parse }: EntryForm<Entry>,
): Entry[] {
  if (!Array.isArray(value)) throw malformed(`sw.${name}`, "is not a list");
  if (value.length === 0) throw malformed(`sw.${name}`, "is empty");
  return value.map((text) => {
    const entry = typeof text === "string" ? parse(text) : undefined;
    if (entry === undefined) throw malformed(`sw.${name}`, `has an entry that is ${mistake}`);
    return entry;
  });
}

/**
 * The form of entries that a regular expression describes.
 *
 * @param pattern of a whole entry
 * @param mistake what an entry of another form is, such as `no origin`
 */
export function entriesLike(pattern: RegExp, mistake: string): EntryForm<string> {
  return { mistake, parse: (text) => (pattern.test(text) ? text : undefined) };
}
