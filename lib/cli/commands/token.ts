import { ConfigError } from "../../config/config_error.ts";
import { signToken } from "../../signing/mod.ts";
import { formatJson } from "../../signing/primitives/json_value.ts";
import { MAX_TOKEN_LENGTH } from "../../signing/token/forms.ts";
import { parseToken } from "../../signing/token/parse_token.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { TokenFlagName } from "../arguments/token_flags.ts";
import { collectMistakes } from "../support/collect_mistakes.ts";
import type { CommandContext } from "../support/command_context.ts";
import { NO_PUBLIC_URL, type Signer } from "../support/signing/signer.ts";
import { exportCommands, mcpUrl } from "../support/signing/token_output.ts";
import { findTokenSigner } from "../support/signing/token_signer.ts";
import { type TokenToSign, tokenToSign } from "../support/signing/token_to_sign.ts";
import { tokenWarnings } from "../support/signing/token_warnings.ts";
import type { SignOutput } from "./sign.ts";

// A secret may be the argument, so it is not repeated.
const NO_ARGUMENT =
  "token takes options only: if token is the id of an app, write 'signway serve ID SECRET'";

/**
 * `signway token`: signs an access token.
 *
 * @param args from `parseArguments`
 * @param context environment, files and clock
 * @returns the token alone, or the commands, the URL or the JSON that an option requests
 * @throws ConfigError with every mistake at once
 */
export async function token(
  { given, positionals }: Arguments<TokenFlagName>,
  { env, read, now }: CommandContext,
): Promise<SignOutput> {
  if (positionals.length > 0) throw new ConfigError([NO_ARGUMENT]);
  const mistakes: string[] = [];
  const signer = collectMistakes(() => findTokenSigner(given, env, read), mistakes);
  const request = tokenToSign(given, read, mistakes, signer?.gateway);
  if (!signer || mistakes.length > 0) throw new ConfigError(mistakes);
  const text = await signRequested(request, signer, now);
  const { mcpServer, client } = request;
  const isInUrl = mcpServer !== undefined;
  const warnings = tokenWarnings({ ...request, token: text, isInUrl }, signer);
  const isPublicUrlUnknown = given.has("config") && !given.has("gateway") && !signer.gateway;
  if ((client || mcpServer) && isPublicUrlUnknown) warnings.push(NO_PUBLIC_URL);
  return { text: given.has("json") ? asJson(text) : formatOutput(text, request), warnings };
}

async function signRequested(
  { limits, expires, subject, audience }: TokenToSign,
  { id, secret }: Signer,
  now: Date,
): Promise<string> {
  try {
    return await signToken({ ...limits, id, secret, expires, subject, audience, now });
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    const most = `${MAX_TOKEN_LENGTH} characters, and 320 values`;
    throw new ConfigError([
      `the token is too long: it may have ${most}. Grant less, in fewer options`,
    ]);
  }
}

function formatOutput(text: string, { gateway, client, mcpServer }: TokenToSign): string {
  if (client) return exportCommands(client.name, text, gateway, client.origin);
  if (mcpServer !== undefined) return `${mcpUrl(text, gateway, mcpServer)}\n`;
  return `${text}\n`;
}

function asJson(text: string): string {
  const { claims, expiresAt } = parseToken(text);
  const decoded = JSON.parse(formatJson(claims)) as unknown;
  const parts = { token: text, claims: decoded, expires_at: new Date(expiresAt) };
  return `${JSON.stringify(parts, null, 2)}\n`;
}
