import { restartKeys, startsOrEndsTls } from "./describe_changes.ts";
import type { Settings } from "./settings.ts";

/**
 * Returns the settings of a process that starts later than others. Settings that only a restart can change have the values
 * that the others started with.
 *
 * @param latest the settings that the others have read last
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
