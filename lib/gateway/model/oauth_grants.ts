/** The grants of OAuth that need no user: RFC 6749, section 4.4, and RFC 7523, section 2.1. */
export const OAUTH_GRANTS = ["client_credentials", "jwt_bearer"] as const;

/** How a client shows its secret: RFC 6749, section 2.3.1. */
export const OAUTH_CLIENT_AUTHS = ["basic", "post"] as const;
