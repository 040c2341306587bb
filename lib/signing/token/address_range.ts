/** A range of addresses with a common prefix. */
export interface AddressRange {
  /** An address of IPv4 in four decimal numbers, or of IPv6 (RFC 4291) in any of its forms, without a zone. */
  address: string;
  /** The length of the prefix in bits: at most 32 for IPv4 and 128 for IPv6. */
  bits: number;
}

/**
 * Parses an IPv4 or IPv6 address, or a range with a prefix length such as `10.0.0.0/8` (RFC 4632, section
 * 3.1). Bits of the address behind the prefix may be set. The URL parsers of some engines accept invalid
 * addresses or refuse valid ones, so this function does not use one.
 *
 * @param text any text, such as an entry of `ips`
 * @returns the range, or `undefined` if the text is no address or range. For a single address, the prefix is
 *   the whole address
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

const GROUPS = /^[\da-f]{1,4}(?::[\da-f]{1,4})*$/i;

/** RFC 4291, section 2.2: eight groups, of which `::` leaves out one or more. IPv4 stands for two at the end. */
function isIpv6(text: string): boolean {
  const last = text.slice(text.lastIndexOf(":") + 1);
  const groups = IPV4.test(last) ? `${text.slice(0, -last.length)}0:0` : text;
  const [first = "", second, third] = groups.split("::");
  if (second === undefined) return countGroups(first) === 8;
  return third === undefined && countGroups(first) + countGroups(second) < 8;
}

/** How many groups there are between colons; NaN when one of them is none. */
function countGroups(text: string): number {
  if (text === "") return 0;
  return GROUPS.test(text) ? text.split(":").length : NaN;
}
