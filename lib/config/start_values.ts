import { restartKeys, startsOrEndsTls } from "./describe_changes.ts";
import type { Settings } from "./settings.ts";

/**
 * Combines settings for a process that joins others, which have read them again. It takes the latest ones, but those of the
 * start where a change needs a restart.
 *
 * @param latest the settings that were read last
 * @param initial the settings that the others started with
 */
export function withStartValues(latest: Settings, initial: Settings): Settings {
  const names: (keyof Settings)[] = [...restartKeys().keys()];
  if (startsOrEndsTls(latest, initial)) names.push("tls");
  const kept = Object.fromEntries(names.map((name) => [name, initial[name]]));
  const settings = { ...latest, ...kept };
  for (const name of names) if (settings[name] === undefined) delete settings[name];
  return settings;
}
