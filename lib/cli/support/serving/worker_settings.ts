import type { TextsByPath } from "../../../config/read_text.ts";
import type { Settings } from "../../../config/settings.ts";
import { shareLimits } from "../../../config/share_limits.ts";
import { withStartValues } from "../../../config/start_values.ts";
import type { WorkerStart } from "../../../runtime/process/protocol.ts";
import { changeable } from "./changeable.ts";
import type { SettingsSource } from "./settings_source.ts";

/** The settings of a worker. */
export interface WorkerSettings {
  /** Those that it starts with, as the other workers have them. */
  settings: Settings;
  /** Reads the files again. Throws ConfigError with their mistakes. */
  load: () => Settings;
  /** Returns the texts of the files that were read last. */
  texts: () => TextsByPath;
}

/**
 * Makes the settings of a worker from what its supervisor has sent, and not from files that may have changed since.
 *
 * @param source the source of the settings
 * @param start the information for the start
 */
export function workerSettings(
  { files, load: loadAll }: SettingsSource,
  { count, port, texts, initial, latest }: WorkerStart,
): WorkerSettings {
  files.keep(texts);
  const share = (settings: Settings) =>
    shareLimits({ ...changeable(settings, texts), port }, count);
  const replayed = (known: TextsByPath) => files.replay(known, loadAll);
  let lastTexts = latest.texts;
  return {
    settings: share(withStartValues(replayed(latest.texts), replayed(initial))),
    load() {
      const [settings, read] = files.record(loadAll);
      lastTexts = read;
      return share(settings);
    },
    texts: () => lastTexts,
  };
}
