import type { Settings } from "../../../config/settings.ts";
import type { FileReader } from "../read_file.ts";
import type { SettingsOrigin } from "./start_warnings.ts";

/** The source of the settings of `signway serve`. */
export interface SettingsSource extends SettingsOrigin {
  /** Reads the settings, at the start and at each reload. Throws ConfigError with their mistakes. */
  load: () => Settings;
  /** The file reader that `load` uses. */
  files: Omit<FileReader, "read">;
}
