import { signToken } from "../../../lib/signing/mod.ts";
import { type VerifiedToken, verifyToken } from "../../../lib/signing/verify.ts";

/** A token that a guide's function is asked to sign. */
export interface GuideToken {
  name: string;
  id: string;
  secret: string;
  /** In seconds. */
  expires: number;
  subject: string;
  to: string[];
}

/** What the guides' example of JavaScript grants, and the plain row of the others. */
export const PLAIN_TOKEN: GuideToken = {
  name: "plain",
  id: "web",
  secret: "correct-horse-battery-staple-web",
  expires: 300,
  subject: "user-42",
  to: ["POST https://api.openai.com/v1/chat/completions"],
};

const ODD: Partial<GuideToken>[] = [
  { name: "quotes and backslashes", subject: `"a" \\"b\\\\ 'c' \`d\` $HOME $(x) %s%n \\n \\u0041` },
  { name: "a subject of HTML", subject: "</script><!-- & -->" },
  { name: "control characters", subject: " \t\r\n\b\f\u0001\u001f\u007f\u0085\u2028." },
  { name: "a subject beyond ASCII", subject: "Zoë Ünï 你好 🚀 ÿÿÿ~~~???>>>" },
  { name: "the longest subject", subject: "é".repeat(256), expires: 604_800 },
  {
    name: "an id and a secret with everything",
    id: `Ünï/"cöde" 🔑`,
    secret: ` '"$(x)\\\`%s 你好 `.repeat(2),
  },
  { name: "a secret that fills a block", secret: "k".repeat(64) },
  { name: "a secret one byte longer", secret: "k".repeat(65) },
  {
    name: "several targets",
    to: [
      "https://api.example.com",
      "GET,POST https://api.example.com:8443/v1/",
      "DELETE http://[::1]:8080/a/*/(b)/%C3%BC/it's&c",
    ],
  },
];

/** Every token that every guide's function has to sign. */
export const TOKENS: GuideToken[] = [
  PLAIN_TOKEN,
  ...ODD.map((odd) => ({ ...PLAIN_TOKEN, ...odd })),
];

/** Tokens to sign, as the drivers read them: one per line, in five fields, where a URL has at least nine. */
export function tokenInput(tokens: readonly GuideToken[]): string {
  return tokens.map((it) => `${fieldsOf(it).map(toHex).join("\t")}\n`).join("");
}

function fieldsOf({ id, secret, expires, subject, to }: GuideToken): string[] {
  return [id, secret, `${expires}`, subject, to.join("\n")];
}

function toHex(field: string): string {
  return Buffer.from(field).toString("hex");
}

/**
 * Verifies a token by this machine's clock.
 *
 * @returns the verified parts that do not depend on how the JSON is written
 */
export async function grantedBy(token: string, asked: GuideToken): Promise<Partial<VerifiedToken>> {
  const findSecrets = (id: string) => (id === asked.id ? [asked.secret] : undefined);
  const { signed: _, signature: __, ...granted } = await verifyToken(token, { findSecrets });
  return granted;
}

/** What the token grants that `signToken` signs at the same moment. */
export async function grantedBySignToken(
  { name: _, ...asked }: GuideToken,
  issuedAt: number,
): Promise<Partial<VerifiedToken>> {
  const token = await signToken({ ...asked, now: new Date(issuedAt) });
  return grantedBy(token, { name: "", ...asked });
}
