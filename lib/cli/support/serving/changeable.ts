import type { TextsByPath } from "../../../config/read_text.ts";
import type { Settings } from "../../../config/settings.ts";

/**
 * Leaves pipes and similar files out of the files that are watched. They never change, and their paths mean another file in
 * another process.
 *
 * @param settings the settings
 * @param texts the texts that can be read only once
 */
export function changeable(settings: Settings, texts: TextsByPath): Settings {
  return { ...settings, files: settings.files.filter((path) => !Object.hasOwn(texts, path)) };
}
