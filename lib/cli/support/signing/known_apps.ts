import { DEFAULTS } from "../../../gateway/defaults.ts";
import type { OtherApp } from "../../../signing/explain.ts";
import type { Environment } from "../../arguments/environment.ts";
import type { ExplainFlagName } from "../../arguments/explain_flags.ts";
import { loadSettings, type ReadText } from "../load_settings.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import { findSigner } from "./signer.ts";

/** What is known of a gateway. */
export interface KnownApps {
  apps: readonly KnownApp[];
  /** How far ahead a signer's clock may be, in seconds. */
  clockSkew: number;
}

/** An app of the gateway. */
export interface KnownApp extends OtherApp {
  /** The longest life that its URLs may have, in seconds. */
  maxExpires: number;
}

/**
 * Finds whose URLs a gateway accepts.
 *
 * @param given from `parseArguments`
 * @param env `SW_ID`, `SW_SECRET`, and whatever the file refers to
 * @param read how the file is read
 * @returns `undefined` when there is neither a secret nor a file
 * @throws ConfigError when the file has a mistake or no such app, or the secret has no id
 */
export function knownApps(
  given: Arguments<ExplainFlagName>["given"],
  env: Environment,
  read: ReadText,
): KnownApps | undefined {
  const config = given.get("config");
  if (!config && !given.has("app") && env["SW_SECRET"] === undefined) return undefined;
  if (!config) {
    const { id, secret, maxExpires } = findSigner(given, env, read);
    return { apps: [{ id, secrets: [secret], maxExpires }], clockSkew: DEFAULTS.clockSkew };
  }
  const settings = loadSettings(
    { positionals: [], given: new Map([["config", config]]) },
    env,
    read,
  );
  const chosen = given.has("app") ? [findSigner(given, env, read).app] : settings.apps;
  const apps = chosen.flatMap((app) =>
    app
      ? { id: app.id, secrets: app.secrets, maxExpires: app.maxExpires ?? settings.maxExpires }
      : [],
  );
  return { apps, clockSkew: settings.clockSkew };
}
