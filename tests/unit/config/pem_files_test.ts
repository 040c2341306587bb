import { describe, expect, test } from "bun:test";
import { createPemPair } from "../../support/pem.ts";
import { APP, mistakesOfFile } from "./configured.ts";
import { PEM } from "./pem_of_settings.ts";

const OTHER = createPemPair();
const RSA = createPemPair("rsa:2048");
const ED25519 = createPemPair("ed25519");
const LOCKED = encrypted(PEM.key);
const DAMAGED = "-----BEGIN CERTIFICATE-----\nnonsense\n-----END CERTIFICATE-----\n";
const CUT = PEM.cert.slice(0, -40);
const PREFACE = "Certificate:\n    Data:\n        Version: 3 (0x2)\n";

function encrypted(key: string): string {
  const flags = ["-aes128", "-passout", "pass:a passphrase"];
  return Bun.spawnSync(["openssl", "ec", ...flags], { stdin: Buffer.from(key) }).stdout.toString();
}

const mistakesOf = (shape: object, files: Record<string, string>) =>
  mistakesOfFile({ app: [APP], ...shape }, { files });

describe("upstream_ca", () => {
  test.each([
    ["a certificate", PEM.cert],
    ["several", PEM.cert + RSA.cert + ED25519.cert],
    ["text around them", PREFACE + PEM.cert + "# the other one\n" + OTHER.cert],
    ["a key beside it", PEM.key + PEM.cert],
    ["CRLF", PEM.cert.replaceAll("\n", "\r\n")],
  ])("may have %s", (_, ca) => {
    expect(mistakesOf({ upstream_ca: "ca" }, { ca })).toEqual([]);
  });

  test.each([
    ["nothing but a key", PEM.key],
    ["a damaged certificate", DAMAGED],
    ["a damaged one behind a good one", PEM.cert + DAMAGED],
    ["one that is cut off", CUT],
    ["one that is cut off before a good one", CUT + PEM.cert],
  ])("must not have %s", (_, ca) => {
    expect(mistakesOf({ upstream_ca: "ca" }, { ca })).toEqual([
      "upstream_ca: ca has no certificate, or a damaged one",
    ]);
  });
});

describe("tls_cert and tls_key", () => {
  const tls = { tls_cert: "cert", tls_key: "key" };

  test.each([
    ["P-256", PEM],
    ["RSA", RSA],
    ["Ed25519", ED25519],
    ["a chain", { cert: PEM.cert + OTHER.cert, key: PEM.key }],
    ["both in one", { cert: PEM.cert + PEM.key, key: PEM.cert + PEM.key }],
  ])("may be %s", (_, files) => {
    expect(mistakesOf(tls, { ...files })).toEqual([]);
  });

  test.each([
    ["another key", { ...PEM, key: OTHER.key }],
    ["a key of another kind", { ...PEM, key: RSA.key }],
    ["a chain in the wrong order", { cert: OTHER.cert + PEM.cert, key: PEM.key }],
  ])("must not be %s", (_, files) => {
    expect(mistakesOf(tls, files)).toEqual([
      "tls_key: key is not the key of the first certificate in cert",
    ]);
  });

  test.each([
    ["a certificate", PEM.cert],
    ["a passphrase", LOCKED],
    ["a damaged key", PEM.key.replace(/\n[^-]/, "\n!")],
  ])("the key must not be %s", (_, key) => {
    expect(mistakesOf(tls, { cert: PEM.cert, key })).toEqual([
      "tls_key: key has no private key without a passphrase",
    ]);
  });
});

describe("key_file of oauth", () => {
  const mistakesWith = (key: string) => {
    const oauth = {
      ...{ token_url: "https://a.example/", grant: "jwt_bearer", client_id: "a" },
      key_file: key,
    };
    return mistakesOfFile({ app: [{ ...APP, upstream: [{ ...APP.upstream[0], oauth }] }] });
  };
  const account = (key: string) =>
    JSON.stringify({ client_email: "a@b.example", private_key: key });

  test.each([
    ["P-256", PEM.key],
    ["RSA", RSA.key],
    ["a service account", account(RSA.key)],
  ])("may be %s", (_, key) => {
    expect(mistakesWith(key)).toEqual([]);
  });

  test.each([
    ["Ed25519", ED25519.key],
    ["a passphrase", LOCKED],
    ["damaged", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"],
    ["a damaged service account", account("-----BEGIN PRIVATE KEY-----\nAAAA\n")],
  ])("must not be %s", (_, key) => {
    expect(mistakesWith(key)).toEqual([
      "app[0].upstream[0].oauth.key_file has no RSA or P-256 key that can be read without a passphrase",
    ]);
  });
});

test.each([
  ["--tls-cert", "cert.pem"],
  ["--tls-key", "key.pem"],
])("%s alone beside a file is told of the other flag", (flag, path) => {
  const files = { "cert.pem": PEM.cert, "key.pem": PEM.key };
  expect(mistakesOfFile({ app: [APP] }, { args: [flag, path], files })).toEqual([
    "--tls-cert and --tls-key must be set together",
  ]);
});
