/** How long a signed URL or a token is valid by default, in seconds. */
export const DEFAULT_EXPIRES = 300;

/** The longest lifetime of a signed URL or a token by default, in seconds: a week. */
export const DEFAULT_MAX_EXPIRES = 604_800;

/** How far a signer's clock may be ahead of the verifier's by default, in seconds. */
export const DEFAULT_CLOCK_SKEW = 300;
