import ipaddr from "ipaddr.js";
import type { AddressRange } from "../../signing/verify.ts";

/**
 * Whether an address lies in a range. An IPv4-mapped address of IPv6 (RFC 4291, section 2.5.5.2) is the
 * address of IPv4.
 *
 * @param text an address. Any other text lies in no range
 * @param range the range
 */
export function isInRange(text: string, { address, bits }: AddressRange): boolean {
  // An address with a zone is a link-local one of IPv6. No range names a zone.
  if (!ipaddr.isValid(text)) return false;
  const client = ipaddr.process(text);
  const range = ipaddr.process(address);
  if (client.kind() !== range.kind()) return false;
  // RFC 4291, section 2.5.5.2: the last 32 bits of an IPv4-mapped address are the address.
  const isMapped = range.kind() === "ipv4" && address.includes(":");
  return bits >= (isMapped ? 96 : 0) && client.match(range, isMapped ? bits - 96 : bits);
}
