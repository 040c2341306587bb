import type { ListMistakes } from "./mistake.ts";

const DAY_MS = 86_400_000;

/** Mistakes with the secret, and with the day that the key is derived for. */
export const mistakesInSecret: ListMistakes = function* (received, { others = [] }) {
  const { url, secrets } = received;
  const withSecrets = (variants: (secret: string) => string[]) => ({
    secrets: secrets.flatMap(variants),
  });
  yield ["secret_whitespace", withSecrets(spaced)];
  yield ["secret_quoted", withSecrets(quoted)];
  yield ["secret_case", withSecrets((secret) => [secret.toLowerCase(), secret.toUpperCase()])];
  yield ["secret_empty", { secrets: ["", "undefined", "null", "None"] }];
  yield ["secret_is_id", { secrets: [url.id] }];
  for (const other of others) yield ["secret_of_other_app", { secrets: other.secrets }, other.id];
  for (const days of [-1, 1]) {
    const day = new Date(url.signedAt + days * DAY_MS).toISOString().slice(0, 10);
    yield ["scope_day", { scope: day.replaceAll("-", "") }, day];
  }
};

function spaced(secret: string): string[] {
  return [secret.trim(), `${secret}\n`, `${secret}\r\n`, `${secret} `, ` ${secret}`];
}

function quoted(secret: string): string[] {
  return [`"${secret}"`, `'${secret}'`, secret.replace(/^(["'])(.*)\1$/s, "$2")];
}
