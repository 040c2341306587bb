import type { TextsByPath } from "../../../config/read_text.ts";
import type { Settings } from "../../../config/settings.ts";
import { shareLimits } from "../../../config/share_limits.ts";
import { withStartValues } from "../../../config/start_values.ts";
import type { SettingsFiles, WorkerStart } from "../../../runtime/process/protocol.ts";
import type { LoadedSettings } from "../../../runtime/reload.ts";
import { changeable } from "./changeable.ts";
import type { SettingsSource } from "./settings_source.ts";

/** The settings of a worker. */
export interface WorkerSettings {
  /** Those that it starts with. */
  settings: Settings;
  /** The state of their files. */
  state: string;
  /** Reads the files again. Throws ConfigError with their mistakes. */
  load: () => LoadedSettings;
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
  const replayed = (known: SettingsFiles) => files.replay(known.texts, loadAll);
  let lastTexts = (latest ?? initial)?.texts ?? {};
  const load = () => {
    const { result, texts, stateOf } = files.record(loadAll);
    lastTexts = texts;
    const settings = share(result);
    return { settings, state: stateOf(settings.files) };
  };
  const rest = { load, texts: () => lastTexts };
  if (!initial) return { ...load(), ...rest };
  const first = replayed(initial);
  const settings = latest ? withStartValues(replayed(latest), first) : first;
  return { settings: share(settings), state: (latest ?? initial).state, ...rest };
}
