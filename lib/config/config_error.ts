/** A configuration that cannot be used. All its mistakes are reported at once. */
export class ConfigError extends Error {
  override readonly name = "ConfigError";
  readonly mistakes: readonly string[];

  /** @param mistakes each with its place and the remedy, and never with a secret */
  constructor(mistakes: readonly string[]) {
    super(mistakes.join("\n"));
    this.mistakes = mistakes;
  }
}
