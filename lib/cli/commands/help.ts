import { DEFAULT_PORT } from "../../config/rows/listen_row.ts";
import { EXPLAIN_FLAGS } from "../arguments/explain_flags.ts";
import {
  CHECK_FLAGS,
  type Flag,
  type Flags,
  HEALTH_FLAGS,
  SERVE_FLAGS,
} from "../arguments/flags.ts";
import { SIGN_FLAGS } from "../arguments/sign_flags.ts";
import { wrap } from "../support/text/wrap.ts";

const WIDTH = 80;
const INDENT = 6;

const INTRODUCTION = `Signway: browsers call third-party APIs, and never see the API key.

A backend signs a short-lived URL; the browser sends its request there; the
gateway verifies the signature, adds the secret headers and streams the answer.

Usage:
  signway [serve] ID SECRET [options]
  signway [serve] [options]         with SW_ID and SW_SECRET in the environment
  signway [serve] --config FILE     many apps, routes, everything below
  signway check FILE                say what a configuration means
  signway sign URL                  sign a URL; see signway sign --help
  signway explain URL               say why a signed URL is refused
  signway health [URL]              ask a running gateway how it is
  signway help [COMMAND]            this, or the same of a command

Examples:
  # One API, one key. The signing secret stays out of the process list; a file,
  # --config, keeps the key out of it too.
  SW_ID=web SW_SECRET="$(cat secret)" signway \\
    --upstream https://api.openai.com/v1/ \\
    --header "Authorization: Bearer $OPENAI_API_KEY"

  # While developing a signer: say why a signature does not match.
  signway my-id my-secret --explain --allow-private-upstreams
`;

const CHECK_INTRODUCTION = `Checks a configuration file and says in plain words who may call what.

Usage:
  signway check FILE
  signway check --schema
`;

const SIGN_INTRODUCTION = `Signs a URL and prints it alone: whoever holds it can have the gateway send this
one request, until it expires.

Usage:
  signway sign URL [options]        with SW_ID and SW_SECRET in the environment
  signway sign URL --config FILE [--app ID] [options]

Examples:
  curl "$(signway sign https://api.openai.com/v1/models)"
  signway sign https://api.openai.com/v1/responses --curl \\
    --header 'Content-Type: application/json' --body '{"model": "gpt-4o-mini"}'
`;

const EXPLAIN_INTRODUCTION = `Says what a signed URL means and, with the secret, why a gateway refuses it.
No gateway is asked. Exits with 0 when the URL is accepted, or without a secret
is well formed and current; else with 1; with 2 when it is asked wrongly.

Usage:
  signway explain URL [options]     with SW_ID and SW_SECRET in the environment,
                                    or without a secret
  signway explain URL --config FILE [--app ID] [options]

Put the URL between quotation marks: & ends a command. Describe the request that
is sent to it:
  signway explain "$url" --method POST \\
    --header 'Content-Type: application/json' --body '{"model": "gpt-4o-mini"}'
`;

const HEALTH_INTRODUCTION = `Asks a running gateway how it is. Exits with 0 when it is well, else with 1.

Usage:
  signway health                    http or https, on this machine's port $PORT
                                    or ${DEFAULT_PORT}
  signway health URL                another gateway, or /readyz of --admin

The question is a CORS preflight: every gateway answers it by itself, without a
signature, and sends nothing to an upstream.
`;

const OTHER_COMMANDS: Readonly<Record<string, readonly [introduction: string, flags: Flags]>> = {
  check: [CHECK_INTRODUCTION, CHECK_FLAGS],
  sign: [SIGN_INTRODUCTION, SIGN_FLAGS],
  explain: [EXPLAIN_INTRODUCTION, EXPLAIN_FLAGS],
  health: [HEALTH_INTRODUCTION, HEALTH_FLAGS],
};

/**
 * Writes the help of a command, 80 columns wide.
 *
 * @param command by its name. Default, and for every other word: `serve`, which is the help of the
 *   whole program.
 * @param serveFlags the options of `serve`. Default: all of this version.
 * @returns lines, each with a newline
 */
export function helpText(command = "serve", serveFlags: Flags = SERVE_FLAGS): string {
  const [introduction, flags] = Object.hasOwn(OTHER_COMMANDS, command)
    ? OTHER_COMMANDS[command]!
    : [INTRODUCTION, serveFlags];
  return formatHelp(introduction, flags);
}

function formatHelp(introduction: string, flags: Flags): string {
  const groups = Map.groupBy(Object.entries(flags), ([, flag]) => flag.group);
  const sections = [...groups].map(([group, entries]) =>
    [`${group}:`, ...entries.map(([name, flag]) => describeFlag(name, flag))].join("\n"),
  );
  return [introduction, ...sections].join("\n\n").replace(/\n{3,}/g, "\n\n") + "\n";
}

function describeFlag(name: string, { short, value, many, help }: Flag): string {
  const head = `  ${short ? `-${short}, ` : ""}--${name}${value ? ` ${value}` : ""}`;
  const text = many ? `${help} Repeatable.` : help;
  return [head, ...wrap(text, WIDTH - INDENT).map((line) => " ".repeat(INDENT) + line)].join("\n");
}
