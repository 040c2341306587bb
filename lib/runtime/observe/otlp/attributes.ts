/** An attribute in OTLP. */
export interface KeyValue {
  key: string;
  value: Readonly<Record<string, unknown>>;
}

/** The value of an attribute. `undefined`: there is no such attribute. */
export type AttributeValue = string | number | boolean | readonly string[] | undefined;

/**
 * Writes attributes as OTLP has them. A number is an integer.
 *
 * @param attributes their values by their names
 */
export function keyValues(attributes: Readonly<Record<string, AttributeValue>>): KeyValue[] {
  const found: KeyValue[] = [];
  for (const key in attributes) {
    const value = attributes[key];
    if (value !== undefined) found.push({ key, value: anyValue(value) });
  }
  return found;
}

function anyValue(value: NonNullable<AttributeValue>): KeyValue["value"] {
  if (typeof value === "string") return { stringValue: value };
  if (typeof value === "boolean") return { boolValue: value };
  // The JSON of integers of 64 bits is a text.
  if (typeof value === "number") return { intValue: String(value) };
  return { arrayValue: { values: value.map((stringValue) => ({ stringValue })) } };
}

/**
 * Writes a time as OTLP has it.
 *
 * @param ms milliseconds since the epoch
 */
export function unixNano(ms: number): string {
  // A double has no digits for nanoseconds of today.
  return `${BigInt(Math.floor(ms)) * 1_000_000n + BigInt(Math.round((ms % 1) * 1e6))}`;
}
