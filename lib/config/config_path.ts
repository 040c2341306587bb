/** The keys and indices that lead to a value in a configuration. */
export type ConfigPath = readonly (string | number)[];

/** Names a value for the operator: by its path in the file, or by the flag that set it. */
export type DescribePath = (path: ConfigPath) => string;

/**
 * Writes a path as `app[0].upstream[1].url`.
 *
 * @param path to a value; empty: the whole configuration
 * @returns the text, which is empty for an empty path
 */
export function formatPath(path: ConfigPath): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? step : `${text}.${step}`;
  }, "");
}
