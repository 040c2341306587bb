import type { Explanation, OtherApp } from "../../../signing/explain.ts";
import { causeOf } from "../../../signing/explain/cause.ts";
import { toHex, utf8 } from "../../../signing/primitives/encoding.ts";

const SIGNATURE = /(X-Sw-Signature(?:=|%(?:25)*3D)[0-9a-f]{8})[0-9a-f]+/gi;

/**
 * Removes secrets from an explanation. A URL may contain a secret by mistake, as its id or in its target, in
 * any percent-encoding. A signature in the target is cut to its first eight digits.
 *
 * @param explanation the result of `explainUrl`
 * @param apps the apps whose secrets are removed
 * @returns a copy of the explanation
 */
export function hideSecrets(explanation: Explanation, apps: readonly OtherApp[]): Explanation {
  const patterns = apps.flatMap(({ secrets }) => secrets.map(secretPattern));
  const hide = (text: string) =>
    patterns
      .reduce((hidden, pattern) => hidden.replace(pattern, "[secret]"), text)
      .replace(SIGNATURE, "$1...");
  const { causes, parts, canonicalRequest, stringToSign } = explanation;
  return {
    ...explanation,
    causes: causes.map(({ code, detail }) =>
      detail === undefined ? causeOf(code) : causeOf(code, hide(detail)),
    ),
    ...(parts && {
      parts: {
        ...parts,
        gateway: hide(parts.gateway),
        id: hide(parts.id),
        upstream: hide(parts.upstream),
        signedHeaders: parts.signedHeaders.map(hide),
      },
    }),
    ...(canonicalRequest !== undefined && { canonicalRequest: hide(canonicalRequest) }),
    ...(stringToSign !== undefined && { stringToSign: hide(stringToSign) }),
  };
}

/** Matches a secret in any percent-encoding, including repeated encoding. */
function secretPattern(secret: string): RegExp {
  const characters = [...secret].map((character) => {
    const bytes = toHex(utf8(character)).match(/../g) ?? [];
    const encoded = bytes.map((hex) => `%(?:25)*${hex}`).join("");
    return `(?:${RegExp.escape(character)}|${encoded}${character === " " ? String.raw`|\+|%(?:25)*2b` : ""})`;
  });
  return new RegExp(characters.join(""), "gi");
}
