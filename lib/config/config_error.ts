/** Mistakes in a command line or a configuration. All of them are reported together. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly mistakes: readonly string[];

  /** @param mistakes one sentence per mistake, with its place and remedy and without secrets */
  constructor(mistakes: readonly string[]) {
    super(mistakes.join("\n"));
    this.mistakes = mistakes;
  }
}
