import type { TokenExplanation } from "../../../signing/explain.ts";
import {
  joinSections,
  labelledLines,
  listedLines,
  refusalLines,
  UNCHECKED,
  WIDTH,
  withoutFraction,
} from "./lines.ts";
import { wrap } from "./wrap.ts";

/** Additional information for the text of an explanation. */
export interface TokenTextContext {
  /** The current time. */
  now: Date;
  isSecretKnown: boolean;
  /** Whether the audience was compared. */
  isAudienceKnown: boolean;
  /** Whether the targets were compared with the rules of the app. */
  areRulesKnown: boolean;
}

/**
 * Writes the explanation of a token for a terminal, with at most 80 characters in a line and control
 * characters escaped.
 *
 * @param explanation the result of `explainToken`
 * @param context the current time, and what is known of the gateway
 * @returns the lines, each with a newline
 */
export function tokenText(explanation: TokenExplanation, context: TokenTextContext): string {
  const { parts } = explanation;
  const grants = parts && parts.grants.length > 0 ? parts.grants : undefined;
  return joinSections([
    partsText(explanation, context),
    grants ? ["Grants:", ...listedLines(grants)] : [],
    verdictText(explanation, context),
  ]);
}

const STATES = { early: "not valid yet", valid: "valid", expired: "expired" };

function partsText(
  { parts, life, signature }: TokenExplanation,
  { now, isAudienceKnown }: TokenTextContext,
): string[] {
  if (!parts || !life) return [];
  const { id, subject, tokenId, audience, algorithm } = parts;
  const end = life.expiresAt ? withoutFraction(life.expiresAt) : "in the far future";
  const duration = life.expires === undefined ? "" : `, after ${life.expires} s`;
  const rows: [label: string, value: string | undefined][] = [
    ["Issuer", id],
    ["Subject", subject],
    ["Token id", tokenId],
    ["Audience", audience && `${audience.join(", ")}${isAudienceKnown ? "" : " (not checked)"}`],
    ["Signed", life.signedAt && withoutFraction(life.signedAt)],
    ["Not before", life.notBefore && withoutFraction(life.notBefore)],
    ["Expires", `${end}${duration}`],
    ["Now", `${withoutFraction(now.toISOString())}, ${STATES[life.state]}`],
    ["Signature", `${algorithm}, ${signature}`],
  ];
  return rows.flatMap(([label, value]) => (value === undefined ? [] : labelledLines(label, value)));
}

function verdictText(
  { accepted, causes, signature, parts }: TokenExplanation,
  { isSecretKnown, areRulesKnown }: TokenTextContext,
): string[] {
  if (accepted) {
    const verdict = areRulesKnown
      ? "Accepted: the token is valid now, and the app's rules allow its targets. Revocations and limits were not checked."
      : "The token is valid now. The upstreams that the app may call were not checked.";
    return wrap(verdict, WIDTH);
  }
  const isUnchecked = signature === "unchecked";
  const note = isUnchecked && !isSecretKnown && parts ? wrap(UNCHECKED, WIDTH) : [];
  if (causes.length > 0) {
    return [...refusalLines(causes), ...(note.length > 0 ? ["", ...note] : [])];
  }
  const ofKeySet = "Its signature is checked with a key set, which this command does not read.";
  const why = isSecretKnown ? ofKeySet : UNCHECKED;
  return wrap(`Well formed and not expired. ${why}`, WIDTH);
}
