import type { Settings } from "../settings.ts";
import { secretTexts } from "./secret_texts.ts";

// Shells and other files of configuration refer to a variable in this way. `${NAME}` is replaced before.
const BARE = /(^|\s)\$[A-Za-z_][A-Za-z0-9_]*$/;

/**
 * Finds secrets that end in the name of an environment variable without braces. They are used as they stand, so the
 * secret would be the text `$NAME`.
 *
 * @param settings the settings of a valid configuration
 * @returns the places of the values
 */
export function findBareVariables(settings: Settings): string[] {
  return secretTexts(settings).flatMap(({ place, value }) => (BARE.test(value) ? [place] : []));
}
