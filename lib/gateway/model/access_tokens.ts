import type { OAUTH_CLIENT_AUTHS, OAUTH_GRANTS } from "./oauth_grants.ts";

/** How a gateway gets access tokens (RFC 6749, RFC 7523). */
export interface OauthClient {
  tokenUrl: URL;
  grant: (typeof OAUTH_GRANTS)[number];
  /** The id of the client; with the grant `jwt_bearer`, the issuer of the assertion. */
  clientId?: string;
  clientSecret?: string;
  /** How the client shows its secret. Default: `basic`. */
  clientAuth?: (typeof OAUTH_CLIENT_AUTHS)[number];
  /** The key for assertions: a private key in PEM, or the JSON of a service account. */
  key?: string;
  /** The id of the key. Default: that of the service account, or none. */
  keyId?: string;
  /** Whom an assertion is about. Default: the client, or for a service account nobody. */
  subject?: string;
  /** The audience of the token or of the assertion. Default: the server's, or the token endpoint. */
  audience?: string;
  scopes: readonly string[];
  /** Whether the token endpoint may have an address that is not public, although it has a name. Default: no. */
  allowPrivate?: boolean;
}

/** Where the access tokens for a rule come from. */
export interface AccessTokens {
  /** Returns one. It rejects with a GatewayError `credential_unavailable` when there is none. Absent: there is `client`. */
  token?: () => string | Promise<string>;
  /** Called when an upstream has answered 401 to this token. Absent: nothing is done about it. */
  refused?: (token: string) => void;
  /** How a gateway with a configuration gets them. It sets `token` and `refused`. */
  client?: OauthClient;
}
