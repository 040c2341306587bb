import { DEFAULT_PORT } from "../../../config/rows/listen_row.ts";

/**
 * The beginning of the help of a command: what the command does, how it is called, and examples. In that of `serve`,
 * `{commands}` stands for the list of the other commands.
 */
export const INTRODUCTIONS = {
  serve: `Signway lets browsers, apps and agents call third-party APIs without seeing the
API key.

A backend signs a short-lived URL for one request, or an access token for many.
The client sends its requests with it to the gateway. The gateway verifies the
signature, adds the secret headers, forwards the request and streams the
response.

Usage:
  signway [serve] ID SECRET [options]
  signway [serve] [options]         with SW_ID and SW_SECRET in the environment
  signway [serve] --config FILE     with apps, routes and settings from a file
{commands}

Examples:
  # One API with one key. SW_SECRET keeps the signing secret out of the process
  # list. A configuration file keeps the API key out of it as well.
  SW_ID=web SW_SECRET="$(cat secret)" signway \\
    --upstream https://api.openai.com/v1/ \\
    --header "Authorization: Bearer $OPENAI_API_KEY"

  # While you develop a signer: show why a signature does not match.
  signway my-id my-secret --explain --allow-private-upstreams
`,
  init: `Writes a configuration file with comments, and prints what to do next. It asks
four questions, unless the options answer them. The file has no secret, but
refers to environment variables. A file that exists is not replaced.

Usage:
  signway init [FILE] [options]     FILE is signway.toml by default

Examples:
  signway init
  signway init --api openai --origin https://app.example.com --place proxy
`,
  doctor: `Checks a running gateway from outside: DNS, the certificate, clocks, the path,
CORS, proxies that buffer or end silent streams, and the key for the upstream.
Says what to change. No secret is printed. It takes as long as --silence and a
few seconds.

Exit codes:
  0  everything that was checked is well
  1  there are findings
  2  the command line or the configuration file is wrong

Usage:
  signway doctor URL [options]      with SW_ID and SW_SECRET in the environment
  signway doctor URL --config FILE [--app ID] [options]

Example:
  signway doctor https://gateway.example.com --config signway.toml \\
    --origin https://app.example.com
`,
  help: `Shows the help of the program or of a command, or prints the manual page.

Usage:
  signway help [COMMAND]
  signway help --man

Example:
  signway help --man | man -l -
`,
  completions: `Prints a script that completes commands and options in a shell.

Usage:
  signway completions bash|zsh|fish

Examples:
  eval "$(signway completions bash)"                 in ~/.bashrc
  signway completions zsh > "\${fpath[1]}/_signway"    before compinit
  signway completions fish > ~/.config/fish/completions/signway.fish
`,
  check: `Checks a configuration file and describes which app or route may call which API.
Exits with 0 if the file is valid, else with 2.

Usage:
  signway check FILE
  signway check --schema
`,
  sign: `Signs a URL and prints it. Anyone who has the URL can send this one request
through the gateway until the URL expires.

Usage:
  signway sign URL [options]        with SW_ID and SW_SECRET in the environment
  signway sign URL --config FILE [--app ID] [options]

Examples:
  curl "$(signway sign https://api.openai.com/v1/models)"
  signway sign https://api.openai.com/v1/responses --curl \\
    --header 'Content-Type: application/json' --body '{"model": "gpt-4o-mini"}'
`,
  token: `Signs an access token and prints it. Anyone who has the token can send requests
through the gateway, within its limits, until it expires. No gateway is
contacted. The secret must have at least 32 bytes: openssl rand -hex 32

Usage:
  signway token [options]           with SW_ID and SW_SECRET in the environment
  signway token --config FILE [--app ID] [options]

Examples:
  signway token --subject user-1 --expires 900 \\
    --to 'POST https://api.openai.com/v1/responses' \\
    --model gpt-5-mini --max-output-tokens 800
  eval "$(signway token --env openai --to https://api.openai.com/v1/ \\
    --gateway https://gateway.example.com)"
`,
  explain: `Explains what a signed URL or an access token contains and why a gateway refuses
it. The signature is checked only if the secret is known. No gateway is
contacted, so revocations and what limits have counted are not known.

Exit codes:
  0  it is accepted; without --config: it is valid; without a secret: it is well
     formed and not expired
  1  it is refused
  2  the command line or the configuration file is wrong

Usage:
  signway explain URL [options]     with SW_ID and SW_SECRET in the environment,
                                    or without a secret
  signway explain URL --config FILE [--app ID] [options]
  signway explain TOKEN [options]   in the same ways
  signway explain - [options]       the URL or the token is the standard input

Put the URL in quotes, because the shell ends a command at &. Use options to
describe the request that is sent to the URL:
  signway explain "$url" --method POST \\
    --header 'Content-Type: application/json' --body '{"model": "gpt-4o-mini"}'
`,
  try: `Shows what a gateway would forward of a request, or why it would refuse it. The
request goes through the same checks and policies as in the gateway, and nothing
is sent to an upstream. Nothing is counted, so limits that count do not refuse.

Prints the body that would be forwarded, or the problem document. The body has
what policies add to it, such as system messages. No header is printed.

Exit codes:
  0  the request would be forwarded
  1  the request is refused
  2  the command line or the configuration file is wrong

Usage:
  signway try --config FILE --token TOKEN [--target URL] [options]
  signway try --config FILE --url URL [options]

Example:
  token="$(signway token --config signway.toml --model gpt-5-mini \\
    --to 'POST https://api.openai.com/v1/responses')"
  signway try --config signway.toml --token "$token" --body request.json
`,
  prices: `Shows what a model costs by the price table of this version, and by the prices
of a configuration file. The gateway reckons with these prices; what a provider
bills is not looked up.

Exit codes:
  0  the model has a price
  1  it has none
  2  the command line or the configuration file is wrong

Usage:
  signway prices MODEL [options]
`,
  revoke: `Revokes a token, all tokens of an end user, or everything that an app signed
before a time, at a running gateway with an admin API. What is open ends.

Exit codes:
  0  it is revoked
  1  the gateway refuses, or does not respond
  2  the command line is wrong

Usage:
  signway revoke --admin URL --app ID --token|--subject|--before VALUE [options]

Example:
  SW_ADMIN_TOKEN="$(cat token)" signway revoke --admin http://127.0.0.1:13090 \\
    --app web --subject user-1
`,
  ledger: `Shows what the limits of an app, an end user or a token have counted, in a Redis
or Valkey, in the file of a gateway that is not running, or at a running gateway
with an admin API. Resets the counters with --reset, but not there.

Exit codes:
  0  the counters were read
  1  the store cannot be read, or the gateway is running with its file
  2  the command line is wrong

Usage:
  signway ledger --ledger sqlite:PATH|redis://HOST --app ID [options]
  signway ledger --admin URL --app ID [options]

Examples:
  signway ledger --ledger sqlite:/var/lib/signway/ledger.db --app web \\
    --subject user-1 --reset
  signway ledger --ledger 'redis://:\${PASSWORD}@valkey:6379' --app web
`,
  health: `Checks whether a running gateway responds. Exits with 0 if it responds with a
2xx status within 3 seconds, else with 1.

Usage:
  signway health                    port $PORT or ${DEFAULT_PORT} of this machine, by http,
                                    then by https
  signway health URL                another gateway, or /readyz of --admin

The request is a CORS preflight. Every gateway responds to it without a
signature and without sending anything to an upstream.
`,
} as const;
