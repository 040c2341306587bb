/** Addresses that begin with the same bits. */
export interface AddressRange {
  /** An address of IPv4 in four decimal numbers, or of IPv6 (RFC 4291) in any of its forms, without a zone. */
  address: string;
  /** How many of the first bits count: up to 32 for IPv4 and 128 for IPv6, which is the whole address. */
  bits: number;
}

/**
 * Parses an address of IPv4 or IPv6, alone or as a range: with a slash and the number of bits that count
 * (RFC 4632, section 3.1). The other bits of the address may be set.
 *
 * It uses no URL parser, because those of some engines accept texts that are no address, or refuse addresses.
 *
 * @param text any text, such as an entry of `ips`
 * @returns the range, or `undefined` when the text has another form. A single address has all bits
 */
export function parseAddressRange(text: string): AddressRange | undefined {
  const [, address = "", written] = /^([^/]*)(?:\/(0|[1-9]\d{0,2}))?$/.exec(text) ?? [];
  const most = IPV4.test(address) ? 32 : isIpv6(address) ? 128 : undefined;
  const bits = written === undefined ? most : Number(written);
  if (most === undefined || bits === undefined || bits > most) return undefined;
  return { address, bits };
}

const BYTE = "(?:25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)";

// Four numbers without leading zeros: some programs read 010 as 8.
const IPV4 = new RegExp(`^${BYTE}(?:\\.${BYTE}){3}$`);

/** RFC 4291, section 2.2: eight groups, of which `::` leaves out one or more. IPv4 stands for two at the end. */
function isIpv6(text: string): boolean {
  const [, before, ipv4 = ""] = /^(.*:)([\d.]+)$/.exec(text) ?? [];
  const halves = (IPV4.test(ipv4) ? `${before}0:0` : text).split("::");
  const groups = halves.flatMap((half) => (half === "" ? [] : half.split(":")));
  const isCountRight = halves.length === 1 ? groups.length === 8 : groups.length < 8;
  return halves.length <= 2 && isCountRight && groups.every((it) => /^[\da-f]{1,4}$/i.test(it));
}
