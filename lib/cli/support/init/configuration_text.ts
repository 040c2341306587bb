import type { Choices } from "./choices.ts";

/**
 * Writes a configuration file in TOML. Secrets are references to environment variables.
 *
 * @param choices the answers to the four questions
 * @returns the text, with a newline at the end
 */
export function configurationText(choices: Choices): string {
  const parts = [HEAD, PLACES[choices.place], pages(choices), app(choices), upstream(choices)];
  return `${parts.join("\n\n")}\n`;
}

const HEAD = `# What this gateway does. \`signway check\` describes it in words and finds mistakes.
# Values such as "\${SW_SECRET}" are read from the environment, so that no secret is in this file.
# A # before a setting switches it off.`;

const PLACES: Readonly<Record<Choices["place"], string>> = {
  local: `# Only programs on this machine reach this address.
listen = "127.0.0.1:3000"`,
  proxy: `# nginx or Caddy on this machine has the certificate, and passes requests on to this address.
listen = "127.0.0.1:3000"
# The proxy tells the client's address in X-Forwarded-For.
trusted_proxies = ["127.0.0.1", "::1"]
# If the proxy removes a path such as /signway/ before it passes a request on, name it here.
# public_path = "/signway"

# Health and metrics, for this machine alone.
# admin = "127.0.0.1:13090"

# Keep what limits have counted, and what is revoked, over restarts.
# ledger = "sqlite:/var/lib/signway/ledger.db"`,
  container: `# All addresses, port 3000: the variable PORT sets another one.
# listen = "0.0.0.0:3000"

# Health and metrics.
# admin = "0.0.0.0:13090"

# Several gateways share what limits have counted, and what is revoked, in Redis or Valkey.
# ledger = "redis://valkey:6379"`,
};

function pages({ origins }: Choices): string {
  const about =
    origins.length > 0
      ? "# Pages of these origins may call the gateway and read its responses."
      : "# No page may read responses. Name origins here if pages are to call the gateway.";
  return `${about}\n[cors]\nallow_origins = ${list(origins)}`;
}

function app({ credential }: Choices): string {
  const tokens =
    credential === "token"
      ? `# For each end user, the \`sub\` of a token. Then every token needs a \`sub\`.
  # [app.limits.subject]
  # rate = "60/min"
  # concurrent = 5`
      : `[app.tokens]
  # Callers get signed URLs, and no access tokens.
  enabled = false`;
  const signed = credential === "token" ? "access tokens and URLs" : "URLs";
  return `# An app is a backend of yours. It signs ${signed} with this secret of 32 bytes.
[[app]]
id = "web"
secrets = ["\${SW_SECRET}"]
# The longest validity that the backend can sign, in seconds.
max_expires = 3600

  ${tokens}`;
}

function upstream({ api: { url, header } }: Choices): string {
  const [name, value] = header;
  return `  # The only URL that callers reach, with all below it, and the header with the key.
  [[app.upstream]]
  url = ${JSON.stringify(url)}
  headers = { ${JSON.stringify(name)} = ${JSON.stringify(value)} }
  # methods = ["GET", "POST"]
  # max_body = 1048576`;
}

// In these characters a string of JSON is one of TOML.
function list(texts: readonly string[]): string {
  return `[${texts.map((text) => JSON.stringify(text)).join(", ")}]`;
}
