import packageJson from "../../../../package.json" with { type: "json" };
import type { Flag, Flags } from "../../arguments/flags.ts";
import { SERVE_FLAGS } from "../../arguments/serve_flags.ts";
import { COMMAND_TABLE, usageOf } from "./command_table.ts";
import { INTRODUCTIONS } from "./introductions.ts";

/**
 * Writes the manual page signway(1), from the tables of the help.
 *
 * @returns a page in the language man (groff_man(7)), with a newline at the end
 */
export function manualPage(): string {
  const { version } = packageJson;
  const sections = [
    `.TH SIGNWAY 1 "" "signway ${version}" "User Commands"`,
    // Options must not be hyphenated.
    ".nh",
    ".ad l",
    ".SH NAME",
    `signway ${DASH} ${escape("let callers use third-party APIs without the API key")}`,
    ".SH DESCRIPTION",
    ...introduction(INTRODUCTIONS.serve.replace("{commands}\n", "")),
    ".SH COMMANDS",
    ...Object.entries(COMMAND_TABLE).flatMap(([name, row]) =>
      item(usageOf(name, row), sentence(row.summary)),
    ),
    ".SH OPTIONS",
    ...options(SERVE_FLAGS),
    ...Object.entries(COMMAND_TABLE).flatMap(([name, row]) =>
      row.introduction === undefined
        ? []
        : [
            `.SH ${escape(`signway ${name}`.toUpperCase())}`,
            ...introduction(row.introduction),
            ...options(row.flags),
          ],
    ),
    ".SH ENVIRONMENT",
    ...ENVIRONMENT.flatMap(([name, text]) => item(name, text)),
    ".SH EXIT STATUS",
    ...EXIT_CODES.flatMap(([code, text]) => item(code, text)),
  ];
  return `${sections.join("\n")}\n`;
}

const DASH = String.raw`\-`;

const ENVIRONMENT = [
  ["SW_ID, SW_SECRET", "The id and the secret of the app, where no file names them."],
  ["PORT", "The port, where neither the file nor an option sets it."],
  ["SW_ADMIN_TOKEN", "The token of the admin API, for signway ledger and signway revoke."],
  ["NO_COLOR", "Write the log without colours."],
] as const;

const EXIT_CODES = [
  ["0", "Success."],
  ["1", "A failure, or a negative result."],
  ["2", "The command line or the configuration file is wrong."],
] as const;

/** Paragraphs, and lists that are indented under a title such as `Usage:`, as they are. */
function introduction(text: string): string[] {
  return text
    .trimEnd()
    .split("\n\n")
    .flatMap((paragraph, index) => {
      const lines = paragraph.split("\n");
      const start = lines.findIndex((line) => line.startsWith("  "));
      const running = start < 0 ? lines : lines.slice(0, start);
      const literal = start < 0 ? [] : lines.slice(start);
      return [
        // A section begins with a paragraph by itself.
        ...(index === 0 ? [] : [".PP"]),
        ...running.map((line) => escape(line)),
        ...(literal.length > 0 ? [".nf", ...literal.map((line) => escape(line)), ".fi"] : []),
      ];
    });
}

function options(flags: Flags): string[] {
  const groups = Map.groupBy(Object.entries(flags), ([, flag]) => flag.group);
  return [...groups].flatMap(([group, entries]) => [
    `.SS ${escape(group)}`,
    ...entries.flatMap(([name, flag]) => option(name, flag)),
  ]);
}

function option(name: string, { short, value, many, help }: Flag): string[] {
  const head = `${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
  return item(head, many ? `${help} Repeatable.` : help);
}

function item(head: string, text: string): string[] {
  return [".TP", `.B ${escape(head)}`, escape(text)];
}

function sentence(summary: string): string {
  return `${summary.charAt(0).toUpperCase()}${summary.slice(1)}.`;
}

/** Escapes a line of text for roff. */
function escape(text: string): string {
  const escaped = text
    .replaceAll("\\", String.raw`\e`)
    .replaceAll("-", DASH)
    .replaceAll('"', String.raw`\(dq`)
    .replaceAll("'", String.raw`\(aq`);
  return /^[.']/.test(escaped) ? String.raw`\&` + escaped : escaped;
}
