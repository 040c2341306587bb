import type { KeyObject, X509Certificate } from "node:crypto";

// It takes 10 ms to load, and most configurations name no certificate.
const crypto = () => process.getBuiltinModule("node:crypto");

/** RFC 7468, section 5, and the two older labels that the runtime reads too. */
const CERTIFICATE = /-----BEGIN ((?:X509 |TRUSTED )?CERTIFICATE)-----.*?-----END \1-----/gs;
const BEGIN = /-----BEGIN (?:X509 |TRUSTED )?CERTIFICATE-----/g;

/**
 * Reads all certificates of a PEM file.
 *
 * @param text of the file
 * @returns in the order of the file; `undefined` when there is none, or one that cannot be read
 */
export function certificatesIn(text: string): [X509Certificate, ...X509Certificate[]] | undefined {
  const whole = text.match(CERTIFICATE) ?? [];
  if (whole.length !== (text.match(BEGIN)?.length ?? 0)) return undefined;
  const { X509Certificate } = crypto();
  const [first, ...others] = whole.map((one) => readOrNone(() => new X509Certificate(one)));
  if (!first || others.includes(undefined)) return undefined;
  return [first, ...(others as X509Certificate[])];
}

/**
 * Reads the private key of a PEM file.
 *
 * @param text of the file
 * @returns `undefined` when there is none, or one that needs a passphrase
 */
export function privateKeyIn(text: string): KeyObject | undefined {
  return readOrNone(() => crypto().createPrivateKey(text));
}

/**
 * Whether a text has a private key that signs assertions: RSA or P-256.
 *
 * @param text in PEM
 */
export function isSigningKey(text: string): boolean {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = privateKeyIn(text) ?? {};
  return type === "rsa" || (type === "ec" && details?.namedCurve === "prime256v1");
}

function readOrNone<Read>(read: () => Read): Read | undefined {
  try {
    return read();
  } catch {
    return undefined;
  }
}
