import { ConfigError } from "../../config/config_error.ts";
import type { DoctorFlagName } from "../arguments/doctor_flags.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { CommandContext } from "../support/command_context.ts";
import { examine } from "../support/doctor/examine.ts";
import { reportJson, reportText } from "../support/doctor/report.ts";
import { siteFrom } from "../support/doctor/site_from.ts";

/** The output of {@link doctor}. */
export interface DoctorOutput {
  /** The report for stdout, with a newline. */
  text: string;
  /** Whether there is nothing to change. */
  isHealthy: boolean;
}

/**
 * `signway doctor`: checks a deployment from outside.
 *
 * @param args the command line, from `parseArguments`
 * @param context the environment, the file readers and the current time
 * @returns a text, or JSON with `--json`; without secrets, tokens and signatures
 * @throws ConfigError with all mistakes
 */
export async function doctor(
  args: Arguments<DoctorFlagName>,
  context: CommandContext,
): Promise<DoctorOutput> {
  const mistakes: string[] = [];
  const site = siteFrom(args, context, mistakes);
  if (!site || mistakes.length > 0) throw new ConfigError(mistakes);
  const results = await examine(site, context.now);
  const write = args.given.has("json") ? reportJson : reportText;
  const isHealthy = results.every(({ findings }) => findings.length === 0);
  return { text: write(site.url, results), isHealthy };
}
