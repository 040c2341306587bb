import type { CauseCode } from "./cause.ts";
import type { OtherApp } from "./mistake.ts";

/** Secrets that a signer may have used by mistake, after the code of the mistake. */
export type SecretVariant = readonly [
  code: CauseCode,
  secrets: readonly string[],
  detail: string | undefined,
];

/**
 * Lists the secrets that a signer may have used instead of the right ones.
 *
 * @param id the app id that the URL or the token names
 * @param secrets the secrets of this app
 * @param others apps whose secret may have been used
 */
export function* secretVariants(
  id: string,
  secrets: readonly string[],
  others: readonly OtherApp[],
): Generator<SecretVariant> {
  yield ["secret_whitespace", secrets.flatMap(spaced), undefined];
  yield ["secret_quoted", secrets.flatMap(quoted), undefined];
  yield ["secret_case", secrets.flatMap((it) => [it.toLowerCase(), it.toUpperCase()]), undefined];
  yield ["secret_empty", ["", "undefined", "null", "None"], undefined];
  yield ["secret_is_id", [id], undefined];
  for (const other of others) yield ["secret_of_other_app", other.secrets, other.id];
}

function spaced(secret: string): string[] {
  return [secret.trim(), `${secret}\n`, `${secret}\r\n`, `${secret} `, ` ${secret}`];
}

function quoted(secret: string): string[] {
  return [`"${secret}"`, `'${secret}'`, secret.replace(/^(["'])(.*)\1$/s, "$2")];
}
