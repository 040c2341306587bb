/** An object of JSON. It has no prototype, so that every property is a member. */
export interface JsonObject {
  [name: string]: JsonValue;
}

/** A value of JSON (RFC 8259). */
export type JsonValue = null | boolean | number | JsonNumber | string | JsonValue[] | JsonObject;

/**
 * A number that JavaScript would write differently, such as `1.0`, `1E3` or `-0`. All other numbers are plain
 * numbers.
 */
export class JsonNumber {
  /** The number as it was written. */
  readonly text: string;
  /** Kept, because it takes long to read many digits. */
  #value: number | undefined;

  /** @param text a number of JSON */
  constructor(text: string) {
    this.text = text;
  }

  /** The number as a double. */
  valueOf(): number {
    return (this.#value ??= Number(this.text));
  }

  /** For `JSON.stringify`: the number as it was written, if the engine can write that. */
  toJSON(): unknown {
    return rawJson ? rawJson(this.text) : Number(this.text);
  }
}

// Not every engine has it: https://tc39.es/proposal-json-parse-with-source/#sec-json.rawjson
const { rawJSON: rawJson } = JSON as { rawJSON?: (text: string) => unknown };

/** Whether a value is an object of JSON, and no list or number. */
export function isJsonObject(value: JsonValue | undefined): value is JsonObject {
  return (
    typeof value === "object" &&
    value !== null &&
    !Array.isArray(value) &&
    !(value instanceof JsonNumber)
  );
}

/**
 * Writes a value as JSON without white space. Numbers that were read are written as they were.
 *
 * @param value as {@link parseStrictJson} returns it, changed or not; numbers in it are finite
 */
export function formatJson(value: JsonValue): string {
  if (rawJson) return JSON.stringify(value);
  if (value instanceof JsonNumber) return value.text;
  if (Array.isArray(value)) return `[${value.map(formatJson).join(",")}]`;
  if (!isJsonObject(value)) return JSON.stringify(value);
  const members = Object.entries(value).map(([n, v]) => `${JSON.stringify(n)}:${formatJson(v)}`);
  return `{${members.join(",")}}`;
}
