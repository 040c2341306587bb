/** The longest token, in characters. */
export const MAX_TOKEN_LENGTH = 8_192;

/** The longest token that a URL may carry, in characters. */
export const MAX_TOKEN_LENGTH_IN_URL = 2_048;

/**
 * The most values that the header or the payload of a token may have: texts, numbers, lists and so on, nested ones
 * included. They are read before the signature is verified, and thousands would fit. A patch of 64 operations needs 257.
 */
export const MAX_TOKEN_VALUES = 320;

/** `{"alg":"HS256","typ":"JWT"}` in base64url, the header that most libraries write. */
export const USUAL_HEADER = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9";

/** The shortest secret that signs tokens, in bytes of UTF-8 (RFC 7518, section 3.2). */
export const MIN_SECRET_BYTES = 32;

/** The longest claim `sub`, in Unicode code points. */
export const MAX_SUBJECT_LENGTH = 256;

/** The longest claim `jti`, in Unicode code points. */
export const MAX_TOKEN_ID_LENGTH = 128;

/**
 * The shape of an entry of `ips`, for the signer, which has to stay small: four numbers, or something with a colon.
 * The verifier is exact.
 */
export const ADDRESS_RANGE = /^((\d{1,3}\.?\b){4}|[\da-f.]*:[\da-f:.]+)(\/\d+)?$/i;

/** An entry of `origins`: an origin as browsers write it (RFC 6454, section 6.2), but `null`. */
export const ORIGIN = /^[a-z][a-z\d+.-]*:\/\/[a-z\d._:[\]-]+$/;

/** An entry of `models` or `tools`: a name, or the beginning of names with `*` behind it. */
export const NAME_PATTERN = /^(?!$)[^\s*]*\*?$/;

/** An entry of `allow`: the name of what is opened, such as `tools` or `tools:web_search`. */
export const ALLOW_ENTRY = /^[a-z]+(?:_[a-z]+)*(?::[^\s:][^\s]*)?$/;

/** The name of a policy. */
export const POLICY_NAME = /^[\w.-]{1,64}$/;
