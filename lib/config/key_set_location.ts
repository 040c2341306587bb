/**
 * Returns the path of a key set that is a file.
 *
 * @param jwks the value of the key `jwks`
 * @returns the text after `file:`; `undefined` when the key set is no file
 */
export function keySetFile(jwks: string): string | undefined {
  return /^file:(.*\S.*)$/.exec(jwks)?.[1];
}

/**
 * Whether a text is an https URL without user info and fragment, or `file:` and a path.
 *
 * @param text as the operator wrote it
 */
export function isKeySetLocation(text: string): boolean {
  if (keySetFile(text) !== undefined) return true;
  const url = /^https:\/\//i.test(text) ? URL.parse(text) : null;
  return url !== null && url.username === "" && url.password === "" && !text.includes("#");
}
