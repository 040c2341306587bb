import type { Cause, Explanation, OtherApp, TokenExplanation } from "../../../signing/explain.ts";
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
  const hide = createHide(apps);
  const { causes, parts, canonicalRequest, stringToSign } = explanation;
  return {
    ...explanation,
    causes: causes.map((cause) => hideInCause(cause, hide)),
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

/**
 * Removes secrets from the explanation of a token. A token may contain a secret by mistake, in any claim.
 *
 * @param explanation the result of `explainToken`
 * @param apps the apps whose secrets are removed
 * @returns a copy of the explanation
 */
export function hideSecretsOfToken(
  explanation: TokenExplanation,
  apps: readonly OtherApp[],
): TokenExplanation {
  const hide = createHide(apps);
  const { causes, parts } = explanation;
  const { subject, tokenId, audience, policies } = parts ?? {};
  return {
    ...explanation,
    causes: causes.map((cause) => hideInCause(cause, hide)),
    ...(parts && {
      parts: {
        id: hide(parts.id),
        algorithm: hide(parts.algorithm),
        ...(subject !== undefined && { subject: hide(subject) }),
        ...(tokenId !== undefined && { tokenId: hide(tokenId) }),
        ...(audience && { audience: audience.map(hide) }),
        ...(policies && { policies: policies.map(hide) }),
        grants: parts.grants.map(hide),
      },
    }),
  };
}

type Hide = (text: string) => string;

function createHide(apps: readonly OtherApp[]): Hide {
  const patterns = apps.flatMap(({ secrets }) => secrets.map(secretPattern));
  return (text) =>
    patterns
      .reduce((hidden, pattern) => hidden.replace(pattern, "[secret]"), text)
      .replace(SIGNATURE, "$1...");
}

function hideInCause({ code, detail }: Cause, hide: Hide): Cause {
  return detail === undefined ? causeOf(code) : causeOf(code, hide(detail));
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
