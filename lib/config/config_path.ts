/** The keys and indices that lead to a value in a configuration. */
export type ConfigPath = readonly (string | number)[];

/** Returns the name of a value for the operator: its path in the file, or the flag that set it. */
export type DescribePath = (path: ConfigPath) => string;

/**
 * Formats a path, such as `app[0].upstream[1].url`.
 *
 * @param path the path of a value; the whole configuration has an empty path
 * @returns the text, which is empty for an empty path
 */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
