import ipaddr from "ipaddr.js";
import { isInRange } from "../../gateway/admission/address_range.ts";
import { type AddressRange, parseAddressRange } from "../../signing/verify.ts";

/** The address of a client, and the addresses that it claims to forward for. */
export interface ClientAddress {
  /** In the shortest form; an IPv4-mapped address of IPv6 as IPv4. */
  address: string;
  /** The entries of `X-Forwarded-For` before the client's own address. They are not verified. */
  before: readonly string[];
}

/**
 * Finds the address of a client behind reverse proxies.
 *
 * @param connection the address from which the connection came
 * @param forwardedFor the value of `X-Forwarded-For`, its lines joined by commas; `null` without the header
 * @param trusted the reverse proxies in front, each of which appends the address of its client to the header
 * @returns the address of the connection when that is no trusted proxy. Otherwise the last entry that is not a
 *   trusted proxy, or the first entry when all are. An entry that is no address ends the search at the proxy
 *   that sent it
 */
export function clientAddress(
  connection: string,
  forwardedFor: string | null,
  trusted: readonly AddressRange[],
): ClientAddress {
  const before = forwardedFor === null ? [] : forwardedFor.split(",").map((entry) => entry.trim());
  let address = plainForm(connection);
  while (before.length > 0 && trusted.some((range) => isInRange(address, range))) {
    const next = addressIn(before.at(-1)!);
    if (next === undefined) break;
    address = next;
    before.pop();
  }
  return { address, before };
}

/** The address of an entry, without its port and brackets. */
function addressIn(entry: string): string | undefined {
  const [, bracketed, ipv4] = /^(?:\[([^\]]*)\]|([\d.]+))(?::\d{1,5})?$/.exec(entry) ?? [];
  const address = bracketed ?? ipv4 ?? entry;
  return isAddress(address) ? plainForm(address) : undefined;
}

function isAddress(text: string): boolean {
  return !text.includes("/") && parseAddressRange(text) !== undefined;
}

function plainForm(address: string): string {
  // An address of IPv4 has only one form.
  if (!address.includes(":")) return address;
  return ipaddr.isValid(address) ? ipaddr.process(address).toString() : address;
}
