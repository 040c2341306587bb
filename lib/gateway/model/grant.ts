import type { Principal } from "./app.ts";
import type { Permits } from "./permits.ts";
import type { UpstreamRule } from "./rule.ts";

/** How a request shows who is behind it. `none`: a route that the operator leaves unsigned. */
export type Scheme = "signed_url" | "signed_header" | "none";

/** What the request was authenticated with. */
export interface Credential {
  scheme: Scheme;
  /** The app's id. Absent: the scheme has no ids. */
  id?: string;
  /** The place of the secret that verified it, from 0. Absent: there was none to verify. */
  secret?: number;
  /** When it was issued, in milliseconds since the epoch. */
  issuedAt?: number;
  /** When it expires, in milliseconds since the epoch. */
  expiresAt?: number;
}

/** What authentication yields: who signed, and what the signature covers. */
export interface Grant {
  principal: Principal;
  credential: Credential;
  permits: Permits;
  /** The absolute URL that the request is for. */
  target: URL;
  /** The request headers that the signature covers, in lower case. */
  coveredHeaders: readonly string[];
}

/** What authorization yields: the exact URL to call, under which rule. */
export interface AuthorizedTarget {
  url: URL;
  rule: UpstreamRule;
  /** The address that was checked and is to be connected to. Absent: the URL's own host. */
  address?: string;
}

/** What admission yields: who may call what. */
export interface Admission {
  grant: Grant;
  target: AuthorizedTarget;
}
