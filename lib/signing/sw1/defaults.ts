/** How long a signed URL is valid by default, in seconds. */
export const DEFAULT_EXPIRES = 300;

/** The longest life that a signed URL may have by default, in seconds: a week. */
export const DEFAULT_MAX_EXPIRES = 604_800;

/** How far ahead of the verifier's clock a signer's may be by default, in seconds. */
export const DEFAULT_CLOCK_SKEW = 300;
