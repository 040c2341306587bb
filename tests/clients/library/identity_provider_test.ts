import { expect, test } from "bun:test";
import type { App, TokenSettings } from "../../../lib/mod.ts";
import { TokenError } from "../../../lib/signing/verify.ts";
import { embed } from "./embedded.ts";

const ISSUER = "https://id.example/";
const AUDIENCE = "my-frontend";
const ES256 = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };

const base64Url = (bytes: Uint8Array) => Buffer.from(bytes).toString("base64url");
const encode = (part: object) => base64Url(Buffer.from(JSON.stringify(part)));

async function mint(key: CryptoKey, claims: object): Promise<string> {
  const exp = Math.floor(Date.now() / 1000) + 60;
  const signed = `${encode({ alg: "ES256" })}.${encode({ iss: ISSUER, exp, sw: {}, ...claims })}`;
  const signature = await crypto.subtle.sign(ES256, key, new TextEncoder().encode(signed));
  return `${signed}.${base64Url(new Uint8Array(signature))}`;
}

test("a program finds the app of an identity provider, and verifies its tokens", async () => {
  const provider = await crypto.subtle.generateKey(ES256, false, ["sign", "verify"]);
  const stranger = await crypto.subtle.generateKey(ES256, false, ["sign", "verify"]);
  const verifyWithKeySet: TokenSettings["verifyWithKeySet"] = async ({ signature, signed }) => {
    if (await crypto.subtle.verify(ES256, provider.publicKey, signature, signed)) return;
    throw new TokenError("token_signature_mismatch");
  };
  let app: App | undefined;
  const asked: [string, readonly string[]][] = [];
  await using it = await embed({
    sources: {
      findApp: () => undefined,
      findIssuer: (issuer, audience) => {
        asked.push([issuer, audience]);
        return issuer === ISSUER && audience.includes(AUDIENCE) ? app : undefined;
      },
    },
  });
  app = { ...it.app, tokens: { audience: AUDIENCE, verifyWithKeySet } };
  const ask = async (key: CryptoKey, claims: object) => {
    const headers = { Authorization: `Bearer ${await mint(key, claims)}` };
    const target = `${it.url}/${new URL(it.upstream.url).host}/x`;
    const response = await fetch(target, { headers, keepalive: false });
    await response.text();
    return [response.status, response.headers.get("x-sw-problem")];
  };
  expect(await ask(provider.privateKey, { aud: AUDIENCE })).toEqual([200, null]);
  expect(await ask(stranger.privateKey, { aud: AUDIENCE })).toEqual([
    401,
    "token_signature_mismatch",
  ]);
  expect(await ask(provider.privateKey, { aud: "another" })).toEqual([400, "signature_missing"]);
  expect(asked).toEqual([
    [ISSUER, [AUDIENCE]],
    [ISSUER, [AUDIENCE]],
    [ISSUER, ["another"]],
  ]);
  expect(it.upstream.requests).toHaveLength(1);
});
