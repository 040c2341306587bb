import { describe, expect, test } from "bun:test";
import { errors, jwtVerify, SignJWT } from "jose";
import { signToken } from "../../../lib/signing/mod.ts";
import { TokenError, verifyToken } from "../../../lib/signing/verify.ts";
import type { TokenVector } from "../../unit/signing/token/vectors.ts";
import vectors from "../../vectors/token.json";

const [SECRET = ""] = vectors.verifier.secrets;
const keyOf = (secret: string) => new TextEncoder().encode(secret);

/** The claims as jose verifies them: by RFC 7519, and by no rule of the gateway. */
async function joseClaims({ token, verifier = {} }: TokenVector, secret: string) {
  const { now, clockSkew, audience } = { audience: undefined, ...vectors.verifier, ...verifier };
  const { payload } = await jwtVerify(token, keyOf(secret), {
    algorithms: ["HS256"],
    currentDate: new Date(now * 1000),
    clockTolerance: clockSkew,
  });
  if (payload.aud !== undefined) expect([payload.aud].flat()).toContain(audience!);
  return payload;
}

const CASES = vectors.cases as TokenVector[];

describe("jose accepts the tokens that are accepted", () => {
  const accepted = CASES.filter(({ result }) => result === "accepted");
  test.each(accepted.map((it) => [it.name, it] as const))("%s", async (_, it) => {
    const secrets = it.verifier?.secrets ?? [SECRET];
    const claims = await joseClaims(it, secrets.at(-1)!);
    expect(claims).toMatchObject({ ...it.granted });
  });
});

describe("jose refuses the signatures that are refused", () => {
  const refused = CASES.filter(({ result }) => result === "token_signature_mismatch");
  // jose knows no apps, and one secret alone.
  const ofJose = refused.filter(({ name }) => name !== "another app");
  test.each(ofJose.map((it) => [it.name, it] as const))("%s", async (_, it) => {
    const refusal = await joseClaims(it, SECRET).catch((error) => error);
    expect(refusal).toBeInstanceOf(errors.JOSEError);
  });
});

test("jose verifies a token of signToken, with each claim", async () => {
  const token = await signToken({
    id: "web",
    secret: SECRET,
    subject: "user-1",
    audience: "https://gateway.example",
    jti: "1",
    to: ["POST https://api.openai.com/v1/responses"],
  });
  const options = {
    issuer: "web",
    audience: "https://gateway.example",
    subject: "user-1",
    typ: "JWT",
  };
  const { payload, protectedHeader } = await jwtVerify(token, keyOf(SECRET), options);
  expect(protectedHeader).toEqual({ alg: "HS256", typ: "JWT" });
  expect(payload).toMatchObject({
    jti: "1",
    sw: { to: ["POST https://api.openai.com/v1/responses"] },
  });
});

test("verifyToken verifies a token of jose, and refuses one of another algorithm", async () => {
  const jwt = () =>
    new SignJWT({ sw: { seconds: 30 } })
      .setIssuer("web")
      .setSubject("user-1")
      .setIssuedAt()
      .setNotBefore("0s")
      .setExpirationTime("5m");
  const token = await jwt().setProtectedHeader({ alg: "HS256", typ: "JWT" }).sign(keyOf(SECRET));
  const findSecrets = () => [SECRET];
  expect(await verifyToken(token, { findSecrets })).toMatchObject({
    issuer: "web",
    subject: "user-1",
    permits: { seconds: 30 },
  });
  const other = await jwt()
    .setProtectedHeader({ alg: "HS512" })
    .sign(keyOf(SECRET.repeat(2)));
  const refusal = await verifyToken(other, { findSecrets: () => [SECRET.repeat(2)] }).catch(
    (it) => it,
  );
  expect(refusal instanceof TokenError && refusal.code).toBe("token_signature_mismatch");
});
