import { isJsonObject, JsonNumber, type JsonValue } from "../../signing/verify.ts";

/**
 * Whether two values of JSON are equal. Numbers are equal when their doubles are, so that `1.0` equals `1`; the
 * order of members does not count.
 *
 * @param a a value
 * @param b another value
 * @param onNode called for each list and object that is compared. Default: nothing is called
 */
export function isJsonEqual(a: JsonValue, b: JsonValue, onNode: () => void = () => {}): boolean {
  if (a === b) return true;
  if (isNumber(a) && isNumber(b)) return Number(a) === Number(b);
  if (Array.isArray(a) && Array.isArray(b)) {
    onNode();
    return a.length === b.length && a.every((item, i) => isJsonEqual(item, b[i]!, onNode));
  }
  if (!isJsonObject(a) || !isJsonObject(b)) return false;
  onNode();
  const names = Object.keys(a);
  if (names.length !== Object.keys(b).length) return false;
  return names.every((name) => Object.hasOwn(b, name) && isJsonEqual(a[name]!, b[name]!, onNode));
}

/** Whether a value of JSON is a number. */
export function isNumber(value: JsonValue): value is number | JsonNumber {
  return typeof value === "number" || value instanceof JsonNumber;
}
