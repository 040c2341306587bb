import type { Explanation } from "../../../signing/explain.ts";
import type { GivenRequest } from "../signing/given_request.ts";
import {
  joinSections,
  labelledLines,
  printableLines,
  refusalLines,
  UNCHECKED,
  WIDTH,
  withoutFraction,
} from "./lines.ts";
import { wrap } from "./wrap.ts";

/** Additional information for the text of an explanation. */
export interface ExplanationContext {
  /** The request that the command line described. */
  request: GivenRequest;
  /** The current time. */
  now: Date;
  isSecretKnown: boolean;
  /** Whether the rules of the app are known, and were asked. */
  areRulesKnown: boolean;
}

/**
 * Writes an explanation for a terminal, with at most 80 characters in a line and control characters
 * escaped.
 *
 * @param explanation the result of `explainUrl`
 * @param context the request, the current time, and whether the secret is known
 * @returns the lines, each with a newline
 */
export function explanationText(explanation: Explanation, context: ExplanationContext): string {
  return joinSections([
    partsText(explanation, context),
    ...stagesText(explanation, context),
    verdictText(explanation, context),
  ]);
}

function partsText(
  { parts, life, signature }: Explanation,
  { request, now, isSecretKnown }: ExplanationContext,
): string[] {
  if (!parts || !life) return [];
  const { signedHeaders, signedBody, method } = parts;
  const missing = missingHeaders(signedHeaders, signedBody, request);
  const named = signedHeaders.map((name) =>
    missing.includes(name) ? `${name} (not given)` : name,
  );
  const isFound = isSecretKnown && signature === "right";
  const source = isFound ? "found by the signature" : "assumed; set it with --method";
  const given = request.body ? "" : "; no body was given";
  return [
    labelledLines("Target", parts.upstream),
    labelledLines("Gateway", parts.gateway),
    labelledLines("App id", parts.id),
    labelledLines("Method", request.method ? method : `${method} (${source})`),
    labelledLines("Signed", withoutFraction(life.signedAt)),
    labelledLines(
      "Expires",
      `${life.expiresAt ? withoutFraction(life.expiresAt) : "in the far future"}, after ${life.expires} s`,
    ),
    labelledLines("Now", `${withoutFraction(now.toISOString())}, ${STATES[life.state]}`),
    labelledLines("Signed headers", named.join(", ") || "none"),
    labelledLines("Body", signedBody ? `signed${given}` : "not signed; any body is accepted"),
    labelledLines("Signature", `${parts.signature}..., ${signature}`),
  ].flat();
}

const STATES = { early: "before the time of signing", valid: "valid", expired: "expired" };

function stagesText(
  { parts, canonicalRequest, stringToSign }: Explanation,
  { request }: ExplanationContext,
) {
  if (!parts || canonicalRequest === undefined || stringToSign === undefined) return [];
  const missing = missingHeaders(parts.signedHeaders, parts.signedBody, request);
  if (missing.length > 0) {
    const names = missing.join(", ");
    return [
      wrap(`Give --header for ${names} to see the canonical request.`, WIDTH).flatMap((line) =>
        printableLines(line),
      ),
    ];
  }
  const after = parts.signedBody ? "; the body follows its last newline" : "";
  return [
    [`Canonical request (each line begins after |${after}):`, ...quotedLines(canonicalRequest)],
    ["String to sign:", ...quotedLines(stringToSign)],
  ];
}

function verdictText(
  { accepted, causes, signature }: Explanation,
  { isSecretKnown, areRulesKnown }: ExplanationContext,
) {
  if (accepted) {
    const rules = areRulesKnown
      ? "A rule of the app allows the target."
      : "The upstreams that the app may call were not checked.";
    return wrap(`Accepted: the signature is valid. ${rules}`, WIDTH);
  }
  if (causes.length === 0) return wrap(`Well formed and not expired. ${UNCHECKED}`, WIDTH);
  const isUnchecked = !isSecretKnown && signature === "unchecked";
  return [...refusalLines(causes), ...(isUnchecked ? ["", ...wrap(UNCHECKED, WIDTH)] : [])];
}

/** The signed headers whose value is unknown. The Content-Length of a signed body is computed. */
function missingHeaders(
  names: readonly string[],
  signedBody: boolean,
  { headers }: GivenRequest,
): string[] {
  return names.filter(
    (name) => !Object.hasOwn(headers, name) && !(signedBody && name === "content-length"),
  );
}

function quotedLines(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) =>
      printableLines(line, WIDTH - 4).map((part, i) =>
        `${i === 0 ? "  | " : "    "}${part}`.trimEnd(),
      ),
    );
}
