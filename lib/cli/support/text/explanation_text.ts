import type { Explanation } from "../../../signing/explain.ts";
import type { GivenRequest } from "../signing/given_request.ts";
import { wrap } from "./wrap.ts";

const WIDTH = 80;
const LABEL = 16;

/** What {@link explanationText} says beside the explanation. */
export interface Told {
  /** The request as it was described. */
  request: GivenRequest;
  now: Date;
  isSecretKnown: boolean;
}

/**
 * An explanation for a terminal: at most 80 characters a line, control characters escaped.
 *
 * @param explanation from `explainUrl`
 * @param told the request that was described, and the clock
 */
export function explanationText(explanation: Explanation, told: Told): string {
  const sections = [
    partsText(explanation, told),
    ...stagesText(explanation, told),
    verdictText(explanation, told),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

function partsText(
  { parts, life, signature }: Explanation,
  { request, now, isSecretKnown }: Told,
): string[] {
  if (!parts || !life) return [];
  const { signedHeaders, signedBody, method } = parts;
  const missing = missingHeaders(signedHeaders, signedBody, request);
  const named = signedHeaders.map((name) =>
    missing.includes(name) ? `${name} (not given)` : name,
  );
  const isFound = isSecretKnown && signature === "right";
  const source = isFound ? "told by the signature" : "assumed; --method tells";
  const given = request.body ? "" : "; none was given";
  return [
    row("Target", parts.upstream),
    row("Gateway", parts.gateway),
    row("App id", parts.id),
    row("Method", request.method ? method : `${method} (${source})`),
    row("Signed", second(life.signedAt)),
    row("Holds until", `${life.expiresAt ? second(life.expiresAt) : "ever"}, ${life.expires} s`),
    row("Now", `${second(now.toISOString())}, ${STATES[life.state]}`),
    row("Signed headers", named.join(", ") || "none"),
    row("Body", signedBody ? `signed${given}` : "not signed: any will do"),
    row("Signature", `${parts.signature}..., ${signature}`),
  ].flat();
}

const STATES = { early: "before it was signed", valid: "valid", expired: "expired" };

function stagesText({ parts, canonicalRequest, stringToSign }: Explanation, { request }: Told) {
  if (!parts || canonicalRequest === undefined || stringToSign === undefined) return [];
  const missing = missingHeaders(parts.signedHeaders, parts.signedBody, request);
  if (missing.length > 0) {
    const names = missing.join(", ");
    return [
      wrap(`Give --header for ${names} to see the canonical request.`, WIDTH).flatMap((line) =>
        plain(line),
      ),
    ];
  }
  const after = parts.signedBody ? "; the body follows its last newline" : "";
  return [
    [`Canonical request (each line after |${after}):`, ...quoted(canonicalRequest)],
    ["String to sign:", ...quoted(stringToSign)],
  ];
}

function verdictText({ accepted, causes, signature }: Explanation, { isSecretKnown }: Told) {
  const unchecked =
    "No secret was given, so the signature is not checked: set SW_ID and SW_SECRET, or name the gateway's configuration with --config FILE.";
  if (accepted) {
    const rules = "Whether its rules let the app call the target is not looked at.";
    return wrap(`Accepted: the gateway takes this signature. ${rules}`, WIDTH);
  }
  if (causes.length === 0) return wrap(`Well formed and current. ${unchecked}`, WIDTH);
  const listed = causes.flatMap(({ code, sentence, remedy }) => [
    `- ${code}`,
    ...[sentence, remedy].flatMap((text) =>
      wrap(printable(text), WIDTH - 2)
        .flatMap((line) => fold(line, WIDTH - 2))
        .map(indent),
    ),
  ]);
  const isUnchecked = !isSecretKnown && signature === "unchecked";
  return ["Refused:", ...listed, ...(isUnchecked ? ["", ...wrap(unchecked, WIDTH)] : [])];
}

/** The signed headers of which nothing is known; the length of a signed body is computed. */
function missingHeaders(
  names: readonly string[],
  signedBody: boolean,
  { headers }: GivenRequest,
): string[] {
  return names.filter(
    (name) => !Object.hasOwn(headers, name) && !(signedBody && name === "content-length"),
  );
}

function row(label: string, value: string): string[] {
  return plain(value, WIDTH - LABEL).map((line, i) => (i === 0 ? label : "").padEnd(LABEL) + line);
}

function quoted(text: string): string[] {
  return text
    .split("\n")
    .flatMap((line) =>
      plain(line, WIDTH - 4).map((part, i) => `${i === 0 ? "  | " : "    "}${part}`.trimEnd()),
    );
}

function plain(text: string, width = WIDTH): string[] {
  return fold(printable(text), width);
}

function fold(text: string, width: number): string[] {
  const characters = [...text];
  const lines: string[] = [];
  for (let at = 0; at === 0 || at < characters.length; at += width) {
    lines.push(characters.slice(at, at + width).join(""));
  }
  return lines;
}

// The URL is a stranger's: its escape sequences are not for this terminal.
function printable(text: string): string {
  return text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (character) => `\\u{${character.codePointAt(0)!.toString(16)}}`,
  );
}

function second(moment: string): string {
  return moment.replace(/\.\d+Z$/, "Z");
}

function indent(line: string): string {
  return `  ${line}`;
}
