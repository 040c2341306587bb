import { connect } from "node:tls";
import type { AuthorizedTarget } from "../../gateway/model/grant.ts";
import { isAddress, unbracket } from "../../gateway/admission/public_address.ts";
import { portOf } from "../http/port_of.ts";

const LIMIT = 1024;

/** A memory of the protocols that https origins support. */
export interface AlpnMemory {
  /** Whether to use HTTP/2 for the next request to an upstream. */
  speaksHttp2: (upstream: AuthorizedTarget) => boolean;
  /** Records that an exchange by HTTP/2 got a response. */
  succeeded: (upstream: AuthorizedTarget) => void;
  /** Records a failed exchange. The origin is asked again, unless it refused the first exchange by HTTP/2. */
  failed: (upstream: AuthorizedTarget, error: unknown) => void;
}

// `offers_http2`: the origin offers HTTP/2, but no exchange has used it successfully yet.
type Speech = "http1" | "offers_http2" | "http2" | "http1_for_good";

/**
 * Creates a memory of the https origins that support HTTP/2, which carries several times as many streams. An
 * origin is asked once, in a TLS handshake without a request. Until then, requests use HTTP/1.1.
 *
 * @param ca certificates to trust in addition to the runtime's own, in PEM. Default: none.
 * @returns an empty memory
 */
export function createAlpnMemory(ca?: string): AlpnMemory {
  const known = new Map<string, Speech>();

  return {
    speaksHttp2(upstream) {
      // Reading `protocol` would make another text.
      if (!upstream.url.href.startsWith("https:")) return false;
      const { origin } = upstream.url;
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
      // The origin may have sent HTTP_1_1_REQUIRED (RFC 9113, section 7), but the runtime hides the code.
      if (speech === "offers_http2" && isRefusalOfHttp2(error)) known.set(origin, "http1_for_good");
      else known.delete(origin);
    },
  };
}

// The runtime's code when an HTTP/2 frame ended the stream or the connection.
function isRefusalOfHttp2(error: unknown): boolean {
  return /^HTTP2/.test(String((error as { code?: unknown } | undefined)?.code));
}

function offersHttp2({ url, address }: AuthorizedTarget, ca: string | undefined): Promise<boolean> {
  const host = unbracket(url.hostname);
  return new Promise((resolve) => {
    const socket = connect({
      host: address ?? host,
      port: portOf(url),
      // RFC 6066, section 3: a server name must not be an address.
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
