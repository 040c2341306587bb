import type { Mistakes } from "./mistake.ts";

const DAY = 86_400_000;

/** What goes wrong with the secret and the day that the key is derived for. */
export const mistakesInSecret: Mistakes = function* (attempt, { others = [] }) {
  const { url, secrets } = attempt;
  const changed = (change: (secret: string) => string[]) => ({ secrets: secrets.flatMap(change) });
  yield [
    "secret_whitespace",
    changed((secret) => [
      secret.trim(),
      `${secret}\n`,
      `${secret}\r\n`,
      `${secret} `,
      ` ${secret}`,
    ]),
  ];
  const unquoted = /^(["'])(.*)\1$/s;
  yield [
    "secret_quoted",
    changed((secret) => [`"${secret}"`, `'${secret}'`, secret.replace(unquoted, "$2")]),
  ];
  yield ["secret_case", changed((secret) => [secret.toLowerCase(), secret.toUpperCase()])];
  yield ["secret_empty", { secrets: ["", "undefined", "null", "None"] }];
  yield ["secret_is_id", { secrets: [url.id] }];
  for (const { id, secrets: theirs } of others)
    yield ["secret_of_other_app", { secrets: theirs }, id];
  for (const days of [-1, 1]) {
    const day = new Date(url.signedAt + days * DAY).toISOString().slice(0, 10);
    yield ["scope_day", { scope: day.replaceAll("-", "") }, day];
  }
};
