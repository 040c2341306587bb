import { mint } from "./minted.ts";

/** How {@link makeToken} signs. */
export interface MadeToken {
  /** The key. */
  secret: string | Uint8Array;
  /** Takes the place of the usual header. */
  header?: Readonly<Record<string, unknown>>;
  /** The claims beside `iss`, `iat`, `exp` and `sw`, and in their place; `undefined` removes one. */
  claims?: Readonly<Record<string, unknown>>;
  /** When it is signed. */
  now: Date;
}

/** Makes a token as {@link mint} does: for the app `web`, 300 s, with all that the rules allow. */
export function makeToken({ secret, header, claims, now }: MadeToken): string {
  const iat = Math.floor(now.getTime() / 1000);
  return mint({
    secret,
    now: iat,
    claims: { iss: "web", iat, ...claims },
    ...(header && { rawHeader: JSON.stringify(header) }),
  });
}
