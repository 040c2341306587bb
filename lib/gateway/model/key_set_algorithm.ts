/** The signature algorithms that tokens of a key set may have (RFC 7518, section 3.1; RFC 8037). */
export const KEY_SET_ALGORITHMS = ["ES256", "EdDSA", "RS256"] as const;

/** One of {@link KEY_SET_ALGORITHMS}. */
export type KeySetAlgorithm = (typeof KEY_SET_ALGORITHMS)[number];
