import { DEFAULTS } from "../../../gateway/defaults.ts";
import type { OtherApp } from "../../../signing/explain.ts";
import type { Environment } from "../../arguments/environment.ts";
import type { ExplainFlagName } from "../../arguments/explain_flags.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import { loadSettingsFile } from "../load_settings.ts";
import type { ReadText } from "../read_file.ts";
import { findSigner } from "./signer.ts";

/** The known apps of a gateway. */
export interface KnownApps {
  apps: readonly KnownApp[];
  /** How far ahead a signer's clock may be, in seconds. */
  clockSkew: number;
}

/** An app of the gateway. */
export interface KnownApp extends OtherApp {
  /** The maximum validity of the app's URLs, in seconds. */
  maxExpires: number;
}

/**
 * Finds the apps whose URLs a gateway accepts.
 *
 * @param given the options, from `parseArguments`
 * @param env the environment: `SW_ID`, `SW_SECRET`, and the variables that the file refers to
 * @param read reads the configuration file
 * @returns the apps and the clock skew; `undefined` when there is neither a secret nor a file
 * @throws ConfigError when the file has mistakes or lacks the app of `--app`, or when `SW_ID` is missing
 */
export function knownApps(
  given: Arguments<ExplainFlagName>["given"],
  env: Environment,
  read: ReadText,
): KnownApps | undefined {
  const [config] = given.get("config") ?? [];
  if (config === undefined && !given.has("app") && env["SW_SECRET"] === undefined) return undefined;
  if (config === undefined) {
    const { id, secret, maxExpires } = findSigner(given, env, read);
    return { apps: [{ id, secrets: [secret], maxExpires }], clockSkew: DEFAULTS.clockSkew };
  }
  const settings = loadSettingsFile(config, env, read);
  const chosen = given.has("app") ? [findSigner(given, env, read).app] : settings.apps;
  const apps = chosen.flatMap((app) =>
    app
      ? { id: app.id, secrets: app.secrets, maxExpires: app.maxExpires ?? settings.maxExpires }
      : [],
  );
  return { apps, clockSkew: settings.clockSkew };
}
