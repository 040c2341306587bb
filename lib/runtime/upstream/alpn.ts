import { connect } from "node:tls";
import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import { isAddress, unbracket } from "../../gateway/admission/public_address.ts";

const LIMIT = 1024;

/** Which origins speak HTTP/2. */
export interface AlpnMemory {
  /** Whether an upstream is to be spoken to by HTTP/2. */
  speaksHttp2: (upstream: AuthorizedTarget) => boolean;
  /** An exchange by HTTP/2 has had its response. */
  succeeded: (upstream: AuthorizedTarget) => void;
  /** An exchange has failed: ask again, unless HTTP/2 itself was refused from the first exchange on. */
  failed: (upstream: AuthorizedTarget, error: unknown) => void;
}

// `offers`: nobody knows yet whether it keeps its word.
type Speech = "http1" | "offers_http2" | "http2" | "http1_for_good";

/**
 * Makes a memory of which https origins speak HTTP/2, which carries several times the streams. An
 * origin is asked once, in a TLS handshake without a request, while its first requests go by HTTP/1.1.
 *
 * @param ca certificates to trust beside the runtime's own, in PEM
 */
export function createAlpnMemory(ca?: string): AlpnMemory {
  const known = new Map<string, Speech>();

  return {
    speaksHttp2(upstream) {
      const { protocol, origin } = upstream.url;
      if (protocol !== "https:") return false;
      const speech = known.get(origin);
      if (speech !== undefined) return speech === "http2" || speech === "offers_http2";
      known.set(origin, "http1");
      if (known.size > LIMIT) known.delete(known.keys().next().value!);
      void offersHttp2(upstream, ca).then(
        (offers) => offers && known.set(origin, "offers_http2"),
        () => {},
      );
      return false;
    },
    succeeded({ url: { origin } }) {
      if (known.get(origin) === "offers_http2") known.set(origin, "http2");
    },
    failed({ url: { origin } }, error) {
      const speech = known.get(origin);
      if (speech === "http1_for_good") return;
      // Such an origin says HTTP_1_1_REQUIRED (RFC 9113, section 7), but the runtime tells no codes.
      if (speech === "offers_http2" && isRefusalOfHttp2(error)) known.set(origin, "http1_for_good");
      else known.delete(origin);
    },
  };
}

// A stream or its whole connection was ended in a frame of HTTP/2.
function isRefusalOfHttp2(error: unknown): boolean {
  return /^HTTP2/.test(String((error as { code?: unknown } | undefined)?.code));
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
