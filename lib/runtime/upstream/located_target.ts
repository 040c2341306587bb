import type { AuthorizedTarget } from "../../gateway/model/grant.ts";

/** Where a request goes. */
export interface LocatedTarget {
  /** The URL to connect to. */
  target: string;
  /** Whom to trust. Absent: there is no TLS. */
  tls?: { rejectUnauthorized: true; ca?: string; servername?: string };
}

/**
 * Puts the checked address into the URL, so that the runtime connects to it. The Host header, SNI and the verification of
 * the certificate use the upstream's name. Bun pools connections by address and TLS settings.
 *
 * @param upstream the target, with its address if that was checked
 * @param headers of the request; they get a Host when the URL has the address
 * @param ca certificates to trust in addition to the runtime's own, in PEM
 */
export function locatedTarget(
  { url, address }: AuthorizedTarget,
  headers: Headers,
  ca: string | undefined,
): LocatedTarget {
  // Explicit, because NODE_TLS_REJECT_UNAUTHORIZED in the environment would turn verification off.
  const trust: NonNullable<LocatedTarget["tls"]> = {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
  };
  if (address === undefined || url.hostname === address) {
    return url.protocol === "https:" ? { target: url.href, tls: trust } : { target: url.href };
  }
  const target = new URL(url);
  target.hostname = address.includes(":") ? `[${address}]` : address;
  headers.set("host", url.host);
  return { target: target.href, tls: { ...trust, servername: url.hostname } };
}
