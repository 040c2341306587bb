import { describe, expect, test } from "bun:test";
import type { ConfiguredApp } from "../../../lib/config/settings.ts";
import { keySetsOf, withKeySet } from "../../../lib/runtime/key_sets.ts";
import { parseToken } from "../../../lib/signing/verify.ts";
import { createSigner } from "../../support/token_signer.ts";

const signer = await createSigner("ES256", "a");
const token = parseToken(await signer.sign({ iss: "https://id.example/", exp: 4_000_000_000 }));
const URL = "https://id.example/keys";

const appWith = (jwks: string, more: object = {}): ConfiguredApp => ({
  id: "web",
  secrets: [],
  upstreams: [],
  tokens: { issuer: "https://id.example/", jwks, algorithms: ["ES256"], ...more },
});

/** What was fetched, in order, and the sources that note it. */
function noting() {
  const fetched: string[] = [];
  const failures: string[][] = [];
  const sources = {
    async fetchKeySet(location: string) {
      fetched.push(location);
      if (location.includes("broken")) throw new Error("canary");
      return JSON.stringify({ keys: [signer.jwk] });
    },
    onFailure: (...failure: string[]) => failures.push(failure),
  };
  return { fetched, failures, sources };
}

const verify = (app: ConfiguredApp, keySets: ReturnType<typeof keySetsOf>) =>
  withKeySet(app, keySets).tokens!.verifyWithKeySet!(token);

describe("a reload", () => {
  test.each<[string, ConfiguredApp, ConfiguredApp, number]>([
    ["keeps the keys of a URL", appWith(URL), appWith(URL), 1],
    [
      "keeps them when another setting of the app changes",
      appWith(URL),
      { ...appWith(URL, { audience: "new", require: { sub: true } }), secrets: ["new"] },
      1,
    ],
    ["fetches those of another URL", appWith(URL), appWith(`${URL}/new`), 2],
    [
      "fetches those for other algorithms",
      appWith(URL),
      appWith(URL, { algorithms: ["EdDSA", "ES256"] }),
      2,
    ],
  ])("%s", async (_, before, after, count) => {
    const { fetched, sources } = noting();
    const old = keySetsOf([before], sources);
    await verify(before, old);
    const next = keySetsOf([after], sources, old);
    expect(fetched).toHaveLength(1);
    for (let i = 0; i < 3; i++) await verify(after, next);
    expect(fetched).toHaveLength(count);
  });

  test("forgets the keys of an app that is no longer there", async () => {
    const { fetched, sources } = noting();
    const old = keySetsOf([appWith(URL)], sources);
    await verify(appWith(URL), old);
    const between = keySetsOf([], sources, old);
    expect(between.size).toBe(0);
    await verify(appWith(URL), keySetsOf([appWith(URL)], sources, between));
    expect(fetched).toHaveLength(2);
  });
});

test("the keys of a file are those that were read with the settings", async () => {
  const { fetched, sources } = noting();
  const other = await createSigner("ES256", "a");
  const [before, after] = [signer, other].map(({ jwk }) =>
    appWith("file:keys.json", { jwksText: JSON.stringify({ keys: [jwk] }) }),
  );
  const old = keySetsOf([before!], sources);
  await verify(before!, old);
  await verify(before!, keySetsOf([before!], sources, old));
  await expect(verify(after!, keySetsOf([after!], sources, old))).rejects.toMatchObject({
    code: "token_signature_mismatch",
  });
  expect(fetched).toEqual([]);
});

test("apps with the same key set share its fetch", async () => {
  const { fetched, sources } = noting();
  const apps = [appWith(URL), { ...appWith(URL, { audience: "second" }), id: "second" }];
  const keySets = keySetsOf(apps, sources);
  for (const app of apps) await verify(app, keySets);
  expect(fetched).toEqual([URL]);
});

test("an app without a key set stays as it is", () => {
  const { sources } = noting();
  const app: ConfiguredApp = { id: "web", secrets: [], upstreams: [], tokens: { enabled: true } };
  expect(withKeySet(app, keySetsOf([app], sources))).toBe(app);
});

test("a failure is told with the place, without its query and what the error says", async () => {
  const { failures, sources } = noting();
  const app = appWith(`${URL}/broken?key=canary`);
  await expect(verify(app, keySetsOf([app], sources))).rejects.toMatchObject({
    code: "keys_unavailable",
  });
  expect(failures).toEqual([[`${URL}/broken`, "it is not a JWK Set"]]);
});
