import { ConfigError } from "../../../config/config_error.ts";
import { MIN_SECRET_BYTES } from "../../../signing/token/forms.ts";
import { isTokenSecret } from "../../../signing/token/token_secret.ts";
import type { Environment } from "../../../config/environment.ts";
import type { Arguments } from "../../arguments/parse_arguments.ts";
import type { TokenFlagName } from "../../arguments/token_flags.ts";
import type { ReadText } from "../../../config/read_text.ts";
import { findSigner, type Signer } from "./signer.ts";

const TOO_SHORT = `the secret has less than ${MIN_SECRET_BYTES} bytes, so it signs URLs only: make one with 'openssl rand -hex 32', and give it to the gateway too`;

/**
 * Finds the id and the secret that a command line signs a token with.
 *
 * @param given from `parseArguments`
 * @param env `SW_ID`, `SW_SECRET`, and the variables that the file refers to
 * @param read how the file is read
 * @returns the app with its first secret that is long enough
 * @throws ConfigError when there is no such secret, or the file has a mistake
 */
export function findTokenSigner(
  given: Arguments<TokenFlagName>["given"],
  env: Environment,
  read: ReadText,
): Signer {
  const [id] = given.get("id") ?? [];
  const [app = id] = given.get("app") ?? [];
  if (id !== undefined && id !== app) throw new ConfigError(["--id and --app name two apps"]);
  const isInFile = given.has("config");
  const options = new Map(given);
  if (isInFile && app !== undefined) options.set("app", [app]);
  const signer = findSigner(options, isInFile || !id ? env : { ...env, SW_ID: id }, read);
  const secret = signer.app?.secrets.find(isTokenSecret) ?? signer.secret;
  if (!isTokenSecret(secret)) throw new ConfigError([TOO_SHORT]);
  return { ...signer, secret };
}
