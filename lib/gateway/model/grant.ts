import type { Principal } from "./app.ts";
import type { Permits } from "./permits.ts";
import type { UpstreamRule } from "./rule.ts";

/** How a request is authenticated. `none`: the route requires no signature. */
export type Scheme = "signed_url" | "signed_header" | "token" | "none";

/** The credential of an authenticated request. */
export interface Credential {
  scheme: Scheme;
  /** The app's id. Absent: the scheme has no ids. */
  id?: string;
  /** The index of the secret that verified the signature. Absent: no signature was required. */
  secret?: number;
  /** When it was issued, in milliseconds since the epoch. */
  issuedAt?: number;
  /** When it expires, in milliseconds since the epoch. */
  expiresAt?: number;
  /** The token's own id, its claim `jti`. */
  tokenId?: string;
  /** The issuer of the token, its claim `iss`. */
  issuer?: string;
  /** The SHA-256 of the signature of a signed URL, in hex. Present when something counts for the URL. */
  digest?: string;
  /** The end user, the token's claim `sub`. */
  subject?: string;
}

/** The result of authentication: who signed, and what the signature covers. */
export interface Grant {
  principal: Principal;
  credential: Credential;
  permits: Permits;
  /** The absolute URL that the request is for. */
  target: URL;
  /** The request headers that the signature covers, in lower case. */
  coveredHeaders: readonly string[];
  /** Whether the signature covers the query. Absent: no. */
  coversQuery?: boolean;
  /** The text of the token, which no upstream may see. Absent: there is no token. */
  token?: string;
  /**
   * Whether the token is in `Authorization` alone, which clients do not send to another origin when they
   * follow a redirect. Absent: no.
   */
  isBearer?: boolean;
}

/** The result of authorization: the exact URL to call, and the rule that allows it. */
export interface AuthorizedTarget {
  url: URL;
  rule: UpstreamRule;
  /** The checked IP address to connect to. Absent: the URL's host is resolved as usual. */
  address?: string;
}

/** The result of admission: the grant and the authorized target. */
export interface Admission {
  grant: Grant;
  target: AuthorizedTarget;
}
