/** The number of slots of a cluster. */
export const SLOTS = 16_384;

/**
 * Returns the slot of the keys of an app: CRC-16/XMODEM of what is between the braces.
 *
 * @param tag between the braces, in ASCII
 */
export function slotOf(tag: string): number {
  let crc = 0;
  for (let at = 0; at < tag.length; at++) {
    crc ^= tag.charCodeAt(at) << 8;
    for (let bit = 0; bit < 8; bit++) crc = crc & 0x8000 ? (crc << 1) ^ 0x1021 : crc << 1;
  }
  return (crc & 0xffff) % SLOTS;
}
