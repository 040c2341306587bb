import type { Certificate } from "../../tests/support/certificates.ts";
import type { RunningServer } from "../measure/processes.ts";
import { startNginx } from "./nginx.ts";

/** The server that peers forward to. */
export interface UpstreamServer extends RunningServer {
  origin: string;
  /** The number of requests so far. */
  requests(): Promise<number>;
}

/** The TLS settings of an upstream. */
export interface UpstreamTls {
  certificate: Certificate;
  /** The certificate of the authority that signed it, in PEM. */
  ca: string;
  /** Whether HTTP/2 is offered. */
  http2: boolean;
}

/**
 * Starts the upstream: an nginx that answers every request with about 120 bytes of JSON, which
 * contain the path and whether the Authorization header was right.
 *
 * @param authorization the right value of the Authorization header
 * @param folder where nginx may write
 * @param tls default: plain http
 */
export async function startUpstream(
  authorization: string,
  folder: string,
  tls?: UpstreamTls,
): Promise<UpstreamServer> {
  const listen = tls ? `ssl ${tls.http2 ? "http2 " : ""}` : "";
  const certificate = tls
    ? `ssl_certificate ${tls.certificate.certFile}; ssl_certificate_key ${tls.certificate.keyFile};`
    : "";
  const server = await startNginx("upstream.conf", { authorization, listen, certificate }, folder);
  const origin = `http${tls ? "s" : ""}://127.0.0.1:${server.port}`;
  return {
    ...server,
    origin,
    async requests() {
      const trust = tls && { tls: { ca: tls.ca } };
      const status = await fetch(`${origin}/status`, { proxy: false, ...trust });
      return Number(/^ \d+ \d+ (\d+)/m.exec(await status.text())?.[1]);
    },
  };
}
