/**
 * Whether all members of an object are its own, as in `{ a: 1 }`. The members of a `Map` or of an instance of a class
 * may be elsewhere, where `Object.entries` and `JSON.stringify` do not find them.
 *
 * @param value any object, also one of another realm
 */
export function isPlainObject(value: object): boolean {
  const prototype = Object.getPrototypeOf(value);
  return !prototype || !Object.getPrototypeOf(prototype);
}
