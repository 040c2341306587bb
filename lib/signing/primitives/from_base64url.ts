// https://tc39.es/proposal-arraybuffer-base64/. Node 20 lacks it.
const { fromBase64: nativeFromBase64 } = Uint8Array as {
  fromBase64?: (text: string, options: { alphabet: "base64url" }) => Uint8Array<ArrayBuffer>;
};

/**
 * Decodes base64url without padding (RFC 4648, section 5).
 *
 * @param text any text
 * @returns the bytes, or `undefined` when there is padding, another character, a wrong length, or bits in the last character that belong to no byte
 */
export function fromBase64Url(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[\w-]*$/.test(text) || !isLastCharacterRight(text)) return undefined;
  if (nativeFromBase64) return nativeFromBase64.call(Uint8Array, text, { alphabet: "base64url" });
  const binary = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(binary, (character) => character.charCodeAt(0));
}

function isLastCharacterRight(text: string): boolean {
  switch (text.length % 4) {
    case 0:
      return true;
    case 2:
      return "AQgw".includes(text.slice(-1));
    case 3:
      return "AEIMQUYcgkosw048".includes(text.slice(-1));
    default:
      return false;
  }
}
