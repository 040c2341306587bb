import { ConfigError } from "../../config/config_error.ts";
import { signUrl } from "../../signing/mod.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { SignFlagName } from "../arguments/sign_flags.ts";
import type { CommandContext } from "../support/command_context.ts";
import { type RequestToSign, requestToSign } from "../support/signing/request_to_sign.ts";
import { signWarnings } from "../support/signing/sign_warnings.ts";
import { findSigner, type Signer } from "../support/signing/signer.ts";
import { curlCommand } from "../support/text/curl_command.ts";

/** The output of {@link sign}. */
export interface SignOutput {
  /** The URL, the command or the JSON for stdout, with a newline. */
  text: string;
  /** Reasons why a gateway will probably refuse the URL, for stderr. */
  warnings: readonly string[];
}

/**
 * `signway sign`: signs a URL.
 *
 * @param args the command line, from `parseArguments`
 * @param context the environment, the file readers and the current time
 * @returns the URL alone; a curl command with `--curl`; JSON with `--json`
 * @throws ConfigError with all mistakes
 */
export async function sign(
  args: Arguments<SignFlagName>,
  { env, read, readBytes, now }: CommandContext,
): Promise<SignOutput> {
  const { given } = args;
  const mistakes: string[] = [];
  const signer = collectMistakes(() => findSigner(given, env, read), mistakes);
  const request = requestToSign(args, readBytes, mistakes, signer?.gateway);
  if (given.has("curl") && given.has("json")) mistakes.push("give --curl or --json, not both");
  if (!signer || mistakes.length > 0) throw new ConfigError(mistakes);

  const { upstream, body, ...options } = request;
  const { id, secret } = signer;
  const signed = { ...options, id, secret, now, ...(body && { body: body.bytes }) };
  const url = await signUrl(upstream, signed);
  const warnings = signWarnings(url, request, signer);
  if (given.has("config") && !given.has("gateway") && !signer.gateway) warnings.push(NO_PUBLIC_URL);
  if (given.has("curl")) return { text: `${curlCommand(url, request)}\n`, warnings };
  if (given.has("json")) return { text: asJson(url, request, { id, now }), warnings };
  return { text: `${url}\n`, warnings };
}

const NO_PUBLIC_URL =
  "the configuration file does not determine the gateway's public URL: set it with --gateway";

function collectMistakes(find: () => Signer, mistakes: string[]): Signer | undefined {
  try {
    return find();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    mistakes.push(...error.mistakes);
    return undefined;
  }
}

function asJson(
  url: string,
  { upstream, gateway, method, headers, expires, body }: RequestToSign,
  { id, now }: { id: string; now: Date },
): string {
  // The URL contains whole seconds.
  const signedAt = Math.floor(now.getTime() / 1000) * 1000;
  const parts = {
    url,
    method,
    headers,
    body: body?.text,
    body_file: body?.file,
    id,
    gateway,
    upstream,
    expires,
    signed_at: new Date(signedAt),
    expires_at: new Date(signedAt + expires * 1000),
  };
  return `${JSON.stringify(parts, null, 2)}\n`;
}
