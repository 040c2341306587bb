/** The claims of a token of this page, as RFC 7519 and the gateway name them. */
export interface Claims {
  iss: string;
  sub: string;
  iat: number;
  /** When it expires, in seconds since the epoch. */
  exp: number;
  sw: { to: string[]; origins: string[]; seconds: number };
}

/** Decodes the claims. They are readable for everybody, and nothing is verified here. */
export function decodeClaims(token: string): Claims {
  const [, payload = ""] = token.split(".");
  const base64 = payload.replaceAll("-", "+").replaceAll("_", "/");
  const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  return JSON.parse(new TextDecoder().decode(bytes));
}

/** Writes other claims into a token and leaves the signature as it was, as a cheat would. */
export function replaceClaims(token: string, claims: Claims): string {
  const [header, , signature] = token.split(".");
  const bytes = new TextEncoder().encode(JSON.stringify(claims));
  const base64 = btoa(String.fromCharCode(...bytes));
  const payload = base64.replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  return [header, payload, signature].join(".");
}
