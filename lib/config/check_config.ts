import { ConfigError } from "./config_error.ts";
import { findContradictions } from "./contradictions.ts";
import { describeIssue } from "./describe_issue.ts";
import { formatPath, type ConfigPath } from "./config_path.ts";
import { pemMistakes, type ReadPem } from "./read_pem.ts";
import { type Config, configSchema } from "./schema.ts";

/** Settings of {@link checkConfig}. */
export interface CheckOptions {
  /** How a place is called. Default: as in the file. */
  describePath?: (path: ConfigPath) => string;
  /** Mistakes that were found before. Default: none. */
  known?: readonly string[];
  /** How files are read; `undefined` when one cannot be. */
  read: ReadPem;
}

/**
 * Checks a configuration whose references are replaced.
 *
 * @param input as parsed
 * @param options how to name places, and what is known already
 * @throws ConfigError with every mistake at once
 */
export function checkConfig(
  input: unknown,
  { describePath = formatPath, known = [], read }: CheckOptions,
): Config {
  const result = configSchema.safeParse(input);
  const issues = result.error?.issues ?? [];
  const found = [
    ...issues.flatMap((issue) => describeIssue(issue, input, describePath)),
    ...findContradictions(input, describePath),
    ...pemMistakes(input, read, describePath),
  ];
  // A reference that leads nowhere leaves a blank, which is no second mistake.
  const places = known.map((mistake) => mistake.split(":")[0]!);
  const isNew = (text: string) => !places.some((place) => text.startsWith(`${place} `));
  const mistakes = [...new Set([...known, ...found.filter(isNew)])];
  if (mistakes.length > 0 || !result.success) throw new ConfigError(mistakes);
  return result.data;
}
