import { decodeClaims } from "./token_claims.ts";

/** A credential in parts, and the values that are in it. */
export interface Described {
  /** The name and the text of each part. Together the texts are the credential. */
  parts: readonly (readonly [name: string, text: string])[];
  /** Values by their names. */
  values: Readonly<Record<string, string>>;
  /** When it expires, if that is one of the values. */
  expiresAt?: Date;
}

/** Describes an access token. */
export function describeToken(token: string): Described {
  const [header = "", payload = "", signature = ""] = token.split(".");
  const { iss, sub, exp, sw } = decodeClaims(token);
  return {
    parts: [
      ["header", `${header}.`],
      ["claims", `${payload}.`],
      ["signature", signature],
    ],
    values: {
      iss,
      sub,
      to: sw.to.join("\n"),
      origins: sw.origins.join("\n"),
      seconds: String(sw.seconds),
    },
    expiresAt: new Date(exp * 1000),
  };
}

/** Describes a signed URL. */
export function describeUrl(url: string): Described {
  const values = Object.fromEntries(new URL(url).searchParams);
  const [gateway = "", query = ""] = url.split("?");
  const pairs = query.split("&").map((pair, index) => {
    return [pair.replace(/=.*/, ""), (index === 0 ? "?" : "&") + pair] as const;
  });
  return {
    parts: [["Gateway", gateway], ...pairs],
    values,
  };
}
