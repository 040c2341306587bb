import { fieldsWithDelimiter, touchingFields } from "../../signing/verify.ts";
import type { UpstreamRule } from "../../gateway/model/rule.ts";
import type { RouteSignature } from "../../gateway/model/route.ts";
import { findBareVariables } from "./bare_variables.ts";
import { findKnownHeaders } from "./known_headers.ts";
import type { ConfiguredApp, Settings } from "../settings.ts";
import { ownTokensOf } from "../token_secrets.ts";
import { findUnguardableRules } from "./unguardable_rules.ts";

/** A warning about a valid setting that the operator should change. */
export interface Warning {
  code:
    | "secret_on_command_line"
    | "secret_short"
    | "secret_padded"
    | "secret_too_short_for_tokens"
    | "variable_without_braces"
    | "all_proxies_trusted"
    | "headers_for_any_upstream"
    | "key_in_query"
    | "fields_touch"
    | "delimiter_in_field"
    | "provider_unknown"
    | "explain_on";
  /** One sentence without a full stop, with the place and the remedy. */
  text: string;
}

/**
 * Finds settings that are valid but unsafe or probably a mistake.
 *
 * @param settings the settings of a valid configuration
 * @param secretOnCommandLine whether the secret was an argument of the command line
 * @returns the warnings; they name apps and routes and contain no secrets
 */
export function warningsOf(settings: Settings, secretOnCommandLine: boolean): Warning[] {
  const warnings: Warning[] = [];
  if (secretOnCommandLine) {
    warnings.push({
      code: "secret_on_command_line",
      text: "every user of this machine can read the secret in the process list: pass it in SW_SECRET",
    });
  }
  for (const app of settings.apps) warnings.push(...appWarnings(app));
  for (const { path, signature } of settings.routes) {
    if (signature) {
      warnings.push(...secretWarnings(signature.secrets, `route ${path}`));
      warnings.push(...ambiguities(signature, path));
    }
  }
  for (const place of findBareVariables(settings)) {
    const text = `${place} ends in the name of a variable as plain text: write \${NAME} for its value`;
    warnings.push({ code: "variable_without_braces", text });
  }
  if (settings.trustedProxies.some((range) => range.endsWith("/0"))) {
    const text =
      "trusted_proxies has all addresses, so clients can choose their own: name the proxies";
    warnings.push({ code: "all_proxies_trusted", text });
  }
  for (const { host, parameter, header } of rulesOf(settings).flatMap(findKnownHeaders)) {
    const text = `${host.replace(/^\./, "")} takes the key of the parameter ${parameter} in the header ${header} too: a header is in no URL that a response could repeat`;
    warnings.push({ code: "key_in_query", text });
  }
  for (const text of findUnguardableRules(settings)) {
    warnings.push({ code: "provider_unknown", text });
  }
  if (settings.explain) {
    warnings.push({ code: "explain_on", text: "explain is on: turn it off in production" });
  }
  return warnings;
}

function rulesOf({ apps, routes }: Settings): readonly UpstreamRule[] {
  return [...apps, ...routes].flatMap(({ upstreams }) => upstreams);
}

function appWarnings(app: ConfiguredApp): Warning[] {
  const name = `app ${JSON.stringify(app.id)}`;
  const warnings = secretWarnings(app.secrets, name);
  if (ownTokensOf(app) === "too_short") {
    const text = `${name} can sign URLs but no tokens: a token needs a secret of 32 bytes or more`;
    warnings.push({ code: "secret_too_short_for_tokens", text });
  }
  if (app.upstreams.some((rule) => !rule.url && rule.headers.length > 0)) {
    const text = `${name} adds its headers to requests to every target: name the URLs of its upstreams`;
    warnings.push({ code: "headers_for_any_upstream", text });
  }
  return warnings;
}

function secretWarnings(secrets: readonly string[], owner: string): Warning[] {
  const warnings: Warning[] = [];
  if (secrets.some(isShort)) {
    const text = `a secret of ${owner} is shorter than 16 bytes and can be guessed: use a longer one`;
    warnings.push({ code: "secret_short", text });
  }
  for (const [i, secret] of secrets.entries()) {
    if (!isPadded(secret)) continue;
    const text = `secrets[${i}] of ${owner} begins or ends with white space, which is part of the secret: remove it unless the signer has it too`;
    warnings.push({ code: "secret_padded", text });
  }
  return warnings;
}

function ambiguities(signature: RouteSignature, path: string): Warning[] {
  const touching = touchingFields(signature);
  if (touching.length > 0) {
    const text = `route ${path} signs ${touching.join(", ")} without a delimiter, so different requests can have the same signature: set a delimiter`;
    return [{ code: "fields_touch", text }];
  }
  const holding = fieldsWithDelimiter(signature);
  if (holding.length === 0) return [];
  const text = `route ${path} refuses requests with its delimiter in ${holding.join(", ")}: choose a delimiter that is rare there, such as \\n`;
  return [{ code: "delimiter_in_field", text }];
}

function isShort(secret: string): boolean {
  return new TextEncoder().encode(secret).length < 16;
}

/** Whether a secret has white space or a byte-order mark around it, probably from copying it. */
function isPadded(secret: string): boolean {
  return secret !== secret.trim();
}
