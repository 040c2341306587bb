import type { AuthorizedTarget } from "../../gateway/model/grant.ts";

/** The TLS settings of a connection to an upstream. */
export interface UpstreamTls {
  rejectUnauthorized: true;
  /** Certificates to trust in addition to the runtime's own, in PEM. */
  ca?: string;
  /** The name of the server. Default: the host of the URL. */
  servername?: string;
  /** Selects a pool of connections: see `connection_pools.ts`. */
  passphrase?: string;
}

/** Where a request goes. */
export interface LocatedTarget {
  /** The URL to connect to. */
  target: string;
  /** Whom to trust. Absent: there is no TLS. */
  tls?: UpstreamTls;
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
  const trust: UpstreamTls = {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca }),
  };
  if (address === undefined || url.hostname === address) {
    const { href } = url;
    return href.startsWith("https:") ? { target: href, tls: trust } : { target: href };
  }
  const target = new URL(url);
  target.hostname = address.includes(":") ? `[${address}]` : address;
  headers.set("host", url.host);
  return { target: target.href, tls: { ...trust, servername: url.hostname } };
}
