/**
 * Calls functions in their order, each one also when those before it throw.
 *
 * @param callbacks the functions
 * @returns what they threw
 */
export function callEach(callbacks: readonly (() => void)[]): unknown[] {
  const errors: unknown[] = [];
  for (const callback of callbacks) {
    try {
      callback();
    } catch (error) {
      errors.push(error);
    }
  }
  return errors;
}
