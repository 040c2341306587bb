/**
 * Writes a header's name as the most lenient server compares it: for CGI and its successors, X-Api-Key,
 * X_Api_Key and X.Api~Key are the same.
 *
 * @param name of a header, in any case
 * @returns the name in lower case, with a hyphen in place of every character except letters and digits
 */
export function foldName(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, "-");
}
