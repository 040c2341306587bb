import ipaddr from "ipaddr.js";

/**
 * Whether an address is public: not loopback, private, link-local, carrier-grade NAT, documentation or
 * multicast, and not an IPv6 address that embeds an IPv4 address.
 *
 * @param address an IPv4 or IPv6 address, as the WHATWG URL parser or a resolver writes it, without
 *   brackets or zone
 */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || CLOUD_SERVICES.has(address)) return false;
  const parsed = ipaddr.parse(address);
  if (parsed.range() !== "unicast") return false;
  return parsed.kind() === "ipv4" || GLOBAL_UNICAST.some((range) => parsed.match(range));
}

// In a public range, but internal to a cloud: Azure's platform channel.
const CLOUD_SERVICES: ReadonlySet<string> = new Set(["168.63.129.16"]);

// RFC 4291, section 2.4: all addresses that IANA has assigned for global use are in 2000::/3.
const GLOBAL_UNICAST = [ipaddr.parseCIDR("2000::/3")];

// Names that never leave the machine or its cloud (RFC 6761, RFC 6762, RFC 8375, the clouds' manuals).
const PRIVATE_NAME =
  /(^|\.)(localhost|local|internal|home\.arpa|lan|intranet|private|corp|home)$|^[^.]+$/;

/** Whether a host is an address and not a name. An IPv6 address may have brackets. */
export function isAddress(host: string): boolean {
  return ipaddr.isValid(unbracket(host));
}

/** Whether a host of a URL is this machine. An IPv6 address may have brackets. */
export function isLoopback(host: string): boolean {
  return /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(unbracket(host));
}

/** Removes the brackets that a URL puts around an IPv6 address. */
export function unbracket(host: string): string {
  return host.startsWith("[") ? host.slice(1, -1) : host;
}

/** Whether a name is known not to be public, before it is resolved. */
export function isPrivateName(host: string): boolean {
  return PRIVATE_NAME.test(host.replace(/\.$/, ""));
}
