// Every vector of access tokens, in whatever runtime this is imported.
import { signToken } from "../../../lib/signing/mod.ts";
import { peekToken, TokenError, verifyToken } from "../../../lib/signing/verify.ts";
import tokenFile from "../../vectors/token.json" with { type: "json" };

interface TokenCase {
  name: string;
  token: string;
  result: string;
  verifier?: Partial<typeof tokenFile.verifier> & { audience?: string };
  granted?: { sub?: string; sw: object };
}

/** The vectors by name, each with a check that throws when it fails. */
export function tokenChecks(): [name: string, check: () => Promise<void>][] {
  const cases = tokenFile.cases as TokenCase[];
  return [
    ...cases.map((it): [string, () => Promise<void>] => [it.name, () => verifyCase(it)]),
    ...tokenFile.noTokens.map(({ name, text }): [string, () => Promise<void>] => [
      name,
      async () => assertEqual(peekToken(text), undefined),
    ]),
    ["a token of this runtime", verifyOwnToken],
  ];
}

/** The member of the permits that a key of `sw` becomes. */
function permitName(key: string): string {
  if (key === "policy") return "policyNames";
  if (key === "on_abort") return "onAbort";
  if (["uses", "rate", "concurrent", "bytes", "tokens", "cost"].includes(key)) return "limits";
  return ["to", "origins", "ips", "seconds"].includes(key) ? key : "policy";
}

async function verifyCase({ token, result, verifier, granted }: TokenCase): Promise<void> {
  const { now, secrets, ...limits } = { ...tokenFile.verifier, ...verifier };
  const findSecrets = (id: string) => (id === "web" ? secrets : undefined);
  const options = { ...limits, findSecrets, now: () => now * 1000 };
  const verified = await verifyToken(token, options).catch((error) => error);
  assertEqual(
    verified instanceof TokenError ? verified.code : verified,
    granted ? verified : result,
  );
  if (!granted) return;
  assertEqual(peekToken(token)?.issuer, "web");
  assertEqual(verified.subject, granted.sub);
  const names = new Set(Object.keys(granted.sw).map(permitName));
  assertEqual(`${Object.keys(verified.permits).sort()}`, `${[...names].sort()}`);
}

async function verifyOwnToken(): Promise<void> {
  const secret = "a secret of 32 bytes, or of more";
  const to = ["GET https://api.example.com/v1/"];
  const token = await signToken({ id: "web", secret, subject: "\u{1f511}", to, ips: ["::1"] });
  const { subject, permits } = await verifyToken(token, { findSecrets: () => [secret] });
  assertEqual(subject, "\u{1f511}");
  assertEqual(permits.to?.[0]?.origin, "https://api.example.com");
}

function assertEqual(actual: unknown, expected: unknown): void {
  if (actual !== expected) throw new Error(`${String(actual)} is not ${String(expected)}`);
}
