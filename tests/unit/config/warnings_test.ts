import { describe, expect, test } from "bun:test";
import { warningsOf } from "../../../lib/config/warnings/warnings.ts";
import { APP, ROUTE, settingsOfFile, SIGNED_ROUTE } from "./configured.ts";

const CANARY = "canary-7f3a9c of more than 32 bytes";
const BARE = "$SIGNWAY_SECRET_OF_MORE_THAN_32_BYTES";
const SHORT = "canary-7f3a9c15"; // 15 bytes
// The code for an app whose secrets are too short for tokens.
const URLS_ONLY = "secret_too_short_for_tokens";
const headers = { Authorization: CANARY };
const A_URL = "https://a.example/";
const NASA = { url: "https://api.nasa.gov/", query: { api_key: CANARY } };

const codesOf = (shape: object, secretOnCommandLine = false): string[] =>
  warningsOf(settingsOfFile(shape), secretOnCommandLine).map(({ code }) => code);

const app = (more: object): object => ({ app: [{ ...APP, ...more }] });
const routeWith = (...secrets: string[]): object => ({
  route: [{ ...SIGNED_ROUTE, signature: { scheme: "sasigning", secrets } }],
});

const signed = (fields: string[], delimiter = ""): object => {
  const signature = { scheme: "sasigning", secrets: [CANARY], fields, delimiter };
  return { route: [{ ...SIGNED_ROUTE, signature }] };
};

// Of these policies the first one guards.
const POLICIES = [
  { name: "p", models: ["m"] },
  { name: "q", body: { schema: true } },
];
const guardedBy = (rule: object, tokens: object = {}): object => ({
  app: [{ ...APP, tokens, upstream: [{ url: "https://api.openai.com/", ...rule }] }],
  policy: POLICIES,
});

describe("warningsOf", () => {
  test.each<[string, object, string[]]>([
    ["nothing to warn of", { app: [APP], route: [ROUTE, SIGNED_ROUTE] }, []],
    ["a secret of 15 bytes", app({ secrets: [SHORT] }), ["secret_short", URLS_ONLY]],
    ["a secret of 16 bytes", app({ secrets: [`${SHORT}6`] }), [URLS_ONLY]],
    ["a secret of 8 characters in 16 bytes", app({ secrets: ["éééééééé"] }), [URLS_ONLY]],
    ["secrets of 31 bytes", app({ secrets: ["x".repeat(31), "y".repeat(31)] }), [URLS_ONLY]],
    ["a secret of 16 characters in 32 bytes", app({ secrets: ["é".repeat(16)] }), []],
    ["a second secret of 32 bytes", app({ secrets: ["x".repeat(31), "y".repeat(32)] }), []],
    [
      "a secret of 31 bytes, and tokens that are off",
      app({ secrets: ["x".repeat(31)], tokens: { enabled: false } }),
      [],
    ],
    ["a second secret that is short", app({ secrets: [CANARY, SHORT] }), ["secret_short"]],
    ["a route's short secret", routeWith(SHORT), ["secret_short"]],
    ["a route's second secret that is short", routeWith(CANARY, SHORT), ["secret_short"]],
    ["a secret without braces", app({ secrets: [CANARY, BARE] }), ["variable_without_braces"]],
    ["a route's secret without braces", routeWith(BARE), ["variable_without_braces"]],
    [
      "a header and a parameter without braces",
      app({ upstream: [{ url: A_URL, headers: { A: `Bearer ${BARE}` }, query: { key: BARE } }] }),
      ["variable_without_braces", "variable_without_braces"],
    ],
    [
      "a $ elsewhere",
      app({ secrets: [`${CANARY}$ab`, `$1${CANARY}`, `$ ${CANARY}`], upstream: [{ url: A_URL }] }),
      [],
    ],
    ["all IPv4 proxies", { ...app({}), trusted_proxies: ["0.0.0.0/0"] }, ["all_proxies_trusted"]],
    ["all IPv6 proxies", { ...app({}), trusted_proxies: ["::/0"] }, ["all_proxies_trusted"]],
    ["some proxies", { ...app({}), trusted_proxies: ["10.0.0.0/8", "::1"] }, []],
    ["headers for any target", app({ upstream: [{ headers }] }), ["headers_for_any_upstream"]],
    ["headers for one target", app({ upstream: [{ url: "https://a.example/", headers }] }), []],
    ["a key in the query that could be a header", app({ upstream: [NASA] }), ["key_in_query"]],
    ["a key in the query of another API", app({ upstream: [{ ...NASA, url: A_URL }] }), []],
    ["any target, but no headers", app({ upstream: [{}] }), []],
    ["a signature over path and method", signed(["path", "method"]), []],
    ["fields that touch", signed(["path", "QUERY_STRING", "body"]), ["fields_touch"]],
    ["fields around a method", signed(["path", "method", "body"]), ["fields_touch"]],
    ["a delimiter that a path may hold", signed(["path", "body"], "|"), ["delimiter_in_field"]],
    ["a delimiter that is a control character", signed(["path", "body"], "\n"), []],
    ["explanations", { ...app({}), explain: true }, ["explain_on"]],
    ["a guarding policy, and a known host", guardedBy({ policy: ["p"] }), []],
    [
      "a guarding policy, and an unknown host",
      guardedBy({ policy: ["p"], url: "https://a.example/" }),
      ["provider_unknown"],
    ],
    [
      "a guarding policy, and a provider",
      guardedBy({ policy: ["p"], url: "https://a.example/", provider: "openai" }),
      [],
    ],
    [
      "another policy, and an unknown host",
      guardedBy({ policy: ["q"], url: "https://a.example/" }),
      [],
    ],
    ["a guarding policy, and any host", guardedBy({ policy: ["p"], url: undefined }), []],
    [
      "a guarding policy of tokens, and an unknown host",
      guardedBy({ url: "https://a.example/" }, { policy: ["q", "p"] }),
      ["provider_unknown"],
    ],
    [
      "a guarding policy of a route",
      { route: [{ ...ROUTE, policy: ["p"] }], policy: POLICIES },
      ["provider_unknown"],
    ],
    [
      "all of it",
      { ...app({ secrets: [SHORT], upstream: [{ headers }] }), explain: true },
      ["secret_short", URLS_ONLY, "headers_for_any_upstream", "explain_on"],
    ],
    [
      "two apps",
      {
        app: [
          { ...APP, secrets: [SHORT] },
          { ...APP, id: "other", secrets: [SHORT] },
        ],
      },
      ["secret_short", URLS_ONLY, "secret_short", URLS_ONLY],
    ],
  ])("%s", (_, shape, codes) => {
    expect(codesOf(shape)).toEqual(codes);
  });

  const SPACES = {
    newline: "\n",
    "CR LF": "\r\n",
    blank: " ",
    tab: "\t",
    "byte-order mark": "\ufeff",
  };
  test.each(Object.entries(SPACES))(
    "a secret with a %s at its end or its beginning",
    (_, space) => {
      for (const padded of [CANARY + space, space + CANARY]) {
        for (const shape of [app({ secrets: [CANARY, padded] }), routeWith(CANARY, padded)]) {
          const [warning, ...others] = warningsOf(settingsOfFile(shape), false);
          expect(others).toEqual([]);
          expect(warning?.code).toBe("secret_padded");
          expect(warning?.text).toMatch(/^secrets\[1\] of (app "web"|route \/[\w/-]*) /);
          expect(warning?.text).not.toContain("canary");
        }
      }
      expect(codesOf(app({ secrets: [`two${space}words, more than 32 bytes together`] }))).toEqual(
        [],
      );
    },
  );

  test("a secret on the command line", () => {
    expect(codesOf({ app: [APP] }, true)).toEqual(["secret_on_command_line"]);
  });

  test("names the place of a rule whose provider is unknown", () => {
    const shape = guardedBy({ url: "https://a.example/", policy: ["p"] });
    expect(warningsOf(settingsOfFile(shape), false).map(({ text }) => text)).toEqual([
      'upstream[0] of app "web" has no known provider, so requests under the policy p are refused: set its provider',
    ]);
  });

  test("names the app and never a secret", () => {
    const shape = app({ secrets: [SHORT], upstream: [{ headers }] });
    const texts = warningsOf(settingsOfFile(shape), false).map(({ text }) => text);
    expect(texts).toEqual([
      expect.stringContaining('app "web"'),
      'app "web" can sign URLs but no tokens: a token needs a secret of 32 bytes or more',
      expect.stringContaining('app "web"'),
    ]);
    expect(texts.join()).not.toContain("canary");
  });
});
