import { connect } from "node:tls";
import type { LogLine } from "../../support/gateway.ts";
import type { TlsGateway } from "../../support/tls_gateway.ts";
import { waitFor } from "../../support/wait_for.ts";

/** What is needed of a gateway to look at its certificate. */
export interface Shown {
  gateway: Pick<TlsGateway["gateway"], "port">;
  authority: Pick<TlsGateway["authority"], "ca">;
}

/** The subject of the certificate that a new connection is shown: the first is `1`. Rejects without TLS. */
export function subjectAt({ gateway, authority }: Shown): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: "127.0.0.1", port: gateway.port, ca: authority.ca }, () => {
      resolve(String(socket.getPeerCertificate().subject.CN));
      socket.destroy();
    });
    socket.once("error", reject);
  });
}

/** Writes another certificate into the files that the gateway was told. */
export async function replace(it: TlsGateway): Promise<void> {
  const next = await it.authority.issue();
  await Bun.write(it.certificate.keyFile, next.key);
  await Bun.write(it.certificate.certFile, next.cert);
}

/** Has a gateway with `--no-watch` load another certificate: all its workers. */
export async function renew(it: TlsGateway, workers = 1): Promise<void> {
  const loaded = (): LogLine[] =>
    it.gateway.lines().filter(({ msg }) => msg === "configuration loaded");
  const before = loaded().length;
  await replace(it);
  it.gateway.kill("SIGHUP");
  await waitFor("the reload", () => loaded().length >= before + workers);
}
