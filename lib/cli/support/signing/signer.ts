import { ConfigError } from "../../../config/config_error.ts";
import type { Settings } from "../../../config/settings.ts";
import { DEFAULTS } from "../../../gateway/defaults.ts";
import type { App } from "../../../gateway/model/app.ts";
import type { Environment } from "../../../config/environment.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import { loadSettingsFile } from "../load_settings.ts";
import type { ReadText } from "../../../config/read_text.ts";

/** The app that signs. */
export interface Signer {
  id: string;
  secret: string;
  /** The settings of the app; absent without a configuration file. */
  app?: App;
  /** The audience of the app's tokens; absent without a configuration file, and when it sets none. */
  audience?: string;
  /** The names of the gateway's policies; absent without a configuration file. */
  policies?: readonly string[];
  /** The maximum validity of the app's URLs and tokens, in seconds; without a file, the default. */
  maxExpires: number;
  /** The URL of the gateway's listener; absent without a file, behind a proxy path, or with port 0. */
  gateway?: string;
}

/** A warning for the URL of a gateway that neither the configuration file nor an option determines. */
export const NO_PUBLIC_URL =
  "the configuration file does not determine the gateway's public URL: set it with --gateway";

const REMEDY = "set SW_ID and SW_SECRET, or name the gateway's configuration with --config FILE";

/**
 * Finds the id and the secret to sign with.
 *
 * @param given the options, from `parseArguments`
 * @param env the environment: `SW_ID`, `SW_SECRET`, and the variables that the file refers to
 * @param read reads the configuration file
 * @returns the app with its first secret
 * @throws ConfigError when the id or the secret is missing, or the file has mistakes or lacks the app
 */
export function findSigner(
  given: Pick<Arguments<"config" | "app">["given"], "get">,
  env: Environment,
  read: ReadText,
): Signer {
  const [config] = given.get("config") ?? [];
  const [app] = given.get("app") ?? [];
  if (config !== undefined) {
    const settings = loadSettingsFile(config, env, read);
    return signerOf(chooseApp(settings.apps, app), settings);
  }
  if (app !== undefined)
    throw new ConfigError([
      "--app needs --config, because it names an app of the configuration file",
    ]);
  const { SW_ID: id, SW_SECRET: secret } = env;
  if (!id) throw new ConfigError([`there is no app id: ${REMEDY}`]);
  if (!secret) throw new ConfigError([`there is no secret: ${REMEDY}`]);
  return { id, secret, maxExpires: DEFAULTS.maxExpires };
}

function chooseApp(apps: readonly App[], id: string | undefined): App {
  const known = apps.map((app) => app.id).join(", ");
  if (apps.length === 0) throw new ConfigError(["--config: the file has no app to sign with"]);
  const found = id === undefined && apps.length === 1 ? apps[0] : apps.find((app) => app.id === id);
  if (found) return found;
  if (id === undefined)
    throw new ConfigError([`--app is missing: choose one of the apps in the file, ${known}`]);
  throw new ConfigError([`--app: the file has no app with this id: choose one of ${known}`]);
}

function signerOf(app: App, settings: Settings): Signer {
  const [secret] = app.secrets;
  if (secret === undefined) throw new ConfigError([`app ${app.id} has no secret`]);
  const gateway = gatewayOf(settings);
  const maxExpires = app.maxExpires ?? settings.maxExpires;
  const audience = app.tokens?.audience ?? settings.audience;
  return {
    id: app.id,
    secret,
    app,
    maxExpires,
    policies: settings.policies.map(({ name }) => name),
    ...(audience !== undefined && { audience }),
    ...(gateway && { gateway }),
  };
}

function gatewayOf({ host, port, tls, publicPath }: Settings): string | undefined {
  if (publicPath !== "/" || port === 0) return undefined;
  const name = /^(0\.0\.0\.0|::)?$/.test(host) ? "localhost" : host;
  const bracketed = name.includes(":") ? `[${name}]` : name;
  return `${tls ? "https" : "http"}://${bracketed}:${port}`;
}
