import type { Settings } from "../../../config/settings.ts";
import { warningsOf } from "../../../config/warnings/warnings.ts";
import type { Logger } from "../../../runtime/observe/log.ts";
import { descriptorLimit, RECOMMENDED_DESCRIPTORS } from "../../../runtime/process/descriptors.ts";
import type { CommandName } from "../../arguments/commands.ts";

/** The origin of settings, as far as it is a reason for warnings. */
export interface SettingsOrigin {
  /** Whether the secret was an argument of the command line. */
  secretOnCommandLine: boolean;
  /** The command that the id on the command line equals or resembles. */
  likeCommand?: CommandName;
}

/**
 * Logs the warnings that an operator should see before the first request.
 *
 * @param log the log
 * @param settings valid settings
 * @param origin the origin of the settings
 */
export function logStartWarnings(log: Logger, settings: Settings, origin: SettingsOrigin): void {
  const { secretOnCommandLine, likeCommand } = origin;
  if (likeCommand !== undefined) warnOfId(log, likeCommand);
  for (const { code, text } of warningsOf(settings, secretOnCommandLine)) log.warn({ code }, text);
  const limit = descriptorLimit();
  if (limit !== undefined && limit < RECOMMENDED_DESCRIPTORS) warnOfDescriptors(log, limit);
}

function warnOfId(log: Logger, command: CommandName): void {
  const text = `the id of the app looks like the command ${command}: if you meant the command, stop this process and run 'signway ${command}'`;
  log.warn({ code: "id_like_command" }, text);
}

function warnOfDescriptors(log: Logger, limit: number): void {
  const text = `this process may open only ${limit} file descriptors, and each exchange needs two: raise the limit with ulimit -n`;
  log.warn({ code: "few_descriptors" }, text);
}
