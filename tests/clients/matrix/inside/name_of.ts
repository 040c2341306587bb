/**
 * The name of an error's class.
 *
 * @param classes those that a client exports, by their names
 * @returns `undefined` when it is none of them
 */
export function nameOf(
  error: unknown,
  classes: Readonly<Record<string, abstract new (...args: never) => unknown>>,
): string | undefined {
  return Object.keys(classes).find((name) => error instanceof classes[name]!);
}
