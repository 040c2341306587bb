import { connect } from "node:tls";
import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import { isAddress, unbracket } from "../../gateway/admission/public_address.ts";

const LIMIT = 1024;

/** Which origins speak HTTP/2. */
export interface AlpnMemory {
  /** Whether an upstream is known to speak it. */
  speaksHttp2: (upstream: AuthorizedTarget) => boolean;
  /** An exchange by HTTP/2 has failed: ask again. */
  forget: (upstream: AuthorizedTarget) => void;
}

/**
 * Makes a memory of which https origins speak HTTP/2, which carries several times the streams. An
 * origin is asked once, in a TLS handshake without a request, while its first requests go by HTTP/1.1.
 *
 * @param ca certificates to trust beside the runtime's own, in PEM
 */
export function createAlpnMemory(ca?: string): AlpnMemory {
  const known = new Map<string, boolean>();

  function speaksHttp2(upstream: AuthorizedTarget): boolean {
    const { protocol, origin } = upstream.url;
    if (protocol !== "https:") return false;
    const speaks = known.get(origin);
    if (speaks !== undefined) return speaks;
    known.set(origin, false);
    if (known.size > LIMIT) known.delete(known.keys().next().value!);
    void offersHttp2(upstream, ca).then(
      (offers) => offers && known.set(origin, true),
      () => {},
    );
    return false;
  }

  return { speaksHttp2, forget: ({ url }) => void known.delete(url.origin) };
}

function offersHttp2({ url, address }: AuthorizedTarget, ca: string | undefined): Promise<boolean> {
  const host = unbracket(url.hostname);
  return new Promise((resolve) => {
    const socket = connect({
      host: address ?? host,
      port: Number(url.port || 443),
      // RFC 6066, section 3: an address is no server name.
      ...(!isAddress(host) && { servername: host }),
      ALPNProtocols: ["h2", "http/1.1"],
      rejectUnauthorized: true,
      ...(ca !== undefined && { ca }),
    });
    const end = (offers: boolean) => {
      socket.destroy();
      resolve(offers);
    };
    socket.setTimeout(10_000, () => end(false));
    socket.once("secureConnect", () => end(socket.alpnProtocol === "h2"));
    socket.once("error", () => end(false));
  });
}
