import { ConfigError } from "../../config/config_error.ts";
import { signUrl } from "../../signing/mod.ts";
import type { Arguments } from "../arguments/parse_arguments.ts";
import type { SignFlagName } from "../arguments/sign_flags.ts";
import { collectMistakes } from "../support/collect_mistakes.ts";
import type { CommandContext } from "../support/command_context.ts";
import { type RequestToSign, requestToSign } from "../support/signing/request_to_sign.ts";
import { signWarnings } from "../support/signing/sign_warnings.ts";
import { findSigner, NO_PUBLIC_URL } from "../support/signing/signer.ts";
import { curlCommand } from "../support/text/curl_command.ts";

/** The output of a command that signs. */
export interface SignOutput {
  /** The URL, the token, the commands or the JSON for stdout, with a newline. */
  text: string;
  /** Reasons why a gateway will probably refuse the URL or the token, for stderr. */
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
