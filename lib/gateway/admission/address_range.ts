import ipaddr from "ipaddr.js";
import type { AddressRange } from "../../signing/verify.ts";

const IPV4 = /^(?:0|[1-9]\d{0,2})(?:\.(?:0|[1-9]\d{0,2})){3}$/;

/**
 * Whether a text is an IP address: of IPv4 in four decimal numbers, or of IPv6 (RFC 4291) without a zone.
 *
 * @param text any text
 */
export function isPlainAddress(text: string): boolean {
  if (!text.includes(":")) return IPV4.test(text) && ipaddr.IPv4.isValid(text);
  return !text.includes("%") && ipaddr.IPv6.isValid(text);
}

/**
 * Parses an address or a range of addresses in CIDR notation (RFC 4632, section 3.1).
 *
 * @param text an address as {@link isPlainAddress} accepts it, alone or with the number of bits that count
 *   behind a slash. Bits of the address behind them may be set
 * @returns the range, or `undefined` when the text has another form
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [, address = "", written] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  if (!isPlainAddress(address)) return undefined;
  const most = address.includes(":") ? 128 : 32;
  const bits = written === undefined ? most : Number(written);
  return bits <= most ? { address, bits } : undefined;
}

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
