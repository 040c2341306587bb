import { formatPointer, type JsonPath } from "./json_pointer.ts";

/** Every reason for which {@link parseStrictJson} refuses a text, with a sentence for it. */
const JSON_ERRORS = {
  not_utf8: "it is not UTF-8",
  byte_order_mark: "it begins with a byte-order mark",
  syntax: "it is not JSON",
  trailing_text: "something follows the value",
  name_repeated: "a name occurs twice in an object",
  name_reserved: "an object has the name __proto__",
  lone_surrogate: "a text has a lone surrogate",
  number_too_large: "a number is too large",
  number_inexact: "a number is one that parsers read differently",
  too_deep: "it is nested too deeply",
  too_many_values: "it has too many values",
} as const;

/** One of {@link JSON_ERRORS}. */
export type JsonErrorCode = keyof typeof JSON_ERRORS;

/** The error for JSON that is refused. It never holds a value of the text. */
export class JsonError extends Error {
  override readonly name = "JsonError";
  readonly code: JsonErrorCode;
  /** Where: a JSON Pointer (RFC 6901) to the value, empty for the whole text. It holds names of the text. */
  readonly pointer: string;

  /**
   * @param code the reason, from the closed set
   * @param path the names and indices that lead to the value
   */
  constructor(code: JsonErrorCode, path: JsonPath = []) {
    super(JSON_ERRORS[code]);
    this.code = code;
    this.pointer = formatPointer(path);
  }
}
