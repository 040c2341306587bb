import { isTokenSecret } from "../signing/verify.ts";
import type { ConfiguredApp } from "./settings.ts";

/**
 * Whether an app has tokens that its own secrets sign.
 *
 * @param app of a checked configuration
 * @returns `off` when the operator turned tokens off; `too_short` when no secret has 32 bytes of UTF-8
 */
export function ownTokensOf({ secrets, tokens }: ConfiguredApp): "on" | "off" | "too_short" {
  if (tokens?.enabled === false) return "off";
  return secrets.some(isTokenSecret) ? "on" : "too_short";
}
