/** The key of a Google service account. */
export interface ServiceAccount {
  email: string;
  /** In PEM. */
  privateKey: string;
  keyId?: string;
}

/**
 * Reads the JSON of a service account's key.
 *
 * @param text of its file
 * @returns `undefined` when it is none
 */
export function serviceAccountOf(text: string): ServiceAccount | undefined {
  if (!text.trimStart().startsWith("{")) return undefined;
  try {
    const {
      client_email: email,
      private_key: privateKey,
      private_key_id: keyId,
    } = JSON.parse(text);
    if (typeof email !== "string" || typeof privateKey !== "string" || !isPrivateKey(privateKey)) {
      return undefined;
    }
    return { email, privateKey, ...(typeof keyId === "string" && { keyId }) };
  } catch {
    return undefined;
  }
}

/** Whether a text looks like a private key in PEM. */
export function isPrivateKey(text: string): boolean {
  return /^-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\r?\n/.test(text.trimStart());
}
