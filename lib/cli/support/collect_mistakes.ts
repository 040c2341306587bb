import { ConfigError } from "../../config/config_error.ts";

/**
 * Calls a function, and adds the mistakes that it throws to a list, so that others can be found too.
 *
 * @param find the function
 * @param mistakes gets every mistake
 * @returns what the function returns; `undefined` when it throws a ConfigError
 */
export function collectMistakes<T>(find: () => T, mistakes: string[]): T | undefined {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    mistakes.push(...error.mistakes);
    return undefined;
  }
}
