import type { ConfiguredApp } from "./settings.ts";

/** The least that a secret must have to sign tokens, in bytes (RFC 7518, section 3.2). */
const MIN_BYTES = 32;

/**
 * Whether an app has tokens that its own secrets sign.
 *
 * @param app of a checked configuration
 * @returns `off` when the operator turned tokens off; `too_short` when no secret has 32 bytes of UTF-8
 */
export function ownTokensOf({ secrets, tokens }: ConfiguredApp): "on" | "off" | "too_short" {
  if (tokens?.enabled === false) return "off";
  const encoder = new TextEncoder();
  return secrets.some((secret) => encoder.encode(secret).length >= MIN_BYTES) ? "on" : "too_short";
}
