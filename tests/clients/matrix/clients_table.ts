import type { Client } from "./clients.ts";

/** The row of a client in the table of `docs/clients.md`, cell by cell. */
export function tableRow(client: Client): string[] {
  const { packages, runtimes, error, denied } = client;
  const names = packages.map(({ name }) => `\`${name}\``);
  const versions = packages.map(({ version }) => version);
  return [
    names.join(", "),
    versions.join(", "),
    runtimes.join(", "),
    runOf(client),
    `\`${error}\``,
    `\`${denied}\``,
  ];
}

function runOf({ talks, takesProvider, runtimes }: Client): string {
  const isStreamed = (talk: string) => talks.includes(`${talk}, streamed`);
  const operations = talks.filter((talk) => !talk.endsWith(", streamed"));
  return [
    `${operations.filter(isStreamed).join(" and ")}, whole and streamed`,
    ...operations.filter((talk) => !isStreamed(talk)),
    ...(takesProvider ? ["token provider"] : []),
    ...(runtimes.includes("Python") ? ["environment variables"] : []),
  ].join("; ");
}
