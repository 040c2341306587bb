/**
 * Writes a header's name as the most lenient server compares it, by its letters and digits alone: X-User-Id,
 * X_User_Id, X--User.Id and XUserId are the same. No two registered names become equal by it.
 *
 * @param name of a header, in any case
 * @returns the name in lower case, without all other characters
 */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "");
}

/**
 * Writes a header's name as CGI and its successors compare it, where X-Api-Key, X_Api_Key and X.Api~Key are the
 * same. Unlike {@link foldName}, it keeps the words of the name apart.
 *
 * @param name of a header, in any case
 * @returns the name in lower case, with a hyphen in place of all characters between letters and digits
 */
export function hyphenateName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]+/g, "-");
}
